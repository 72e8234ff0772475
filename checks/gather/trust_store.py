"""The authorities that this machine trusts, loaded openly so that we know whom we compared with."""

import os
import re
import ssl
from functools import lru_cache
from itertools import chain
from pathlib import Path

from cryptography.x509.verification import Store

from checks.records.certificates import load_all
from checks.records.trust import Anchors

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def system_anchors() -> Anchors:
    """The authorities in SSL_CERT_FILE and SSL_CERT_DIR, where set, and else in the system's own places.

    As with OpenSSL, the one variable does not switch the other's place off; the system's directory holds the same
    as its file, so it is read only where there is no file.
    """
    paths = ssl.get_default_verify_paths()
    file = os.environ.get(paths.openssl_cafile_env) or paths.cafile or _bundle(paths.capath)
    directory = os.environ.get(paths.openssl_capath_env) or (None if file else paths.capath)
    places = [Path(place) for place in (file, *(directory or "").split(os.pathsep)) if place]
    return _load(tuple((place, place.stat().st_mtime_ns) for place in places if place.exists()))


def _bundle(directory: str | None) -> str | None:
    """Debian's one file beside its hundreds of links to the same: quicker to read, and to see unchanged."""
    path = Path(directory or "") / "ca-certificates.crt"
    return str(path) if directory and path.is_file() else None


@lru_cache(maxsize=4)
def _load(places: tuple[tuple[Path, int], ...]) -> Anchors:
    """What the files and folders hold; their times are part of the key, so that a renewed store is read again."""
    files = chain.from_iterable(sorted(place.iterdir()) if place.is_dir() else [place] for place, _changed in places)
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file())
    pems = dict.fromkeys(pem for text in texts for pem in _PEM.findall(text))
    certificates = load_all(_to_der(pem) for pem in pems)
    return Anchors(certificates, Store(list(certificates)) if certificates else None)


def _to_der(pem: str) -> bytes:
    try:
        return ssl.PEM_cert_to_DER_cert(pem)
    except ValueError:
        return b""
