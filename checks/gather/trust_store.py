"""The authorities that this machine trusts, loaded openly so that we know whom we compared with."""

import os
import re
import ssl
from functools import lru_cache
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
    file = os.environ.get(paths.openssl_cafile_env) or paths.cafile
    directory = os.environ.get(paths.openssl_capath_env) or (None if file else paths.capath)
    sources = [Path(file)] if file else []
    for folder in directory.split(os.pathsep) if directory else ():
        sources += sorted(Path(folder).iterdir()) if Path(folder).is_dir() else []
    return _load(tuple((path, path.stat().st_mtime_ns) for path in sources if path.is_file()))


@lru_cache(maxsize=4)
def _load(sources: tuple[tuple[Path, int], ...]) -> Anchors:
    """What the files hold; their times are part of the key, so that a renewed store is read again."""
    texts = (path.read_text(encoding="utf-8", errors="replace") for path, _changed in sources)
    pems = dict.fromkeys(pem for text in texts for pem in _PEM.findall(text))
    certificates = load_all(_to_der(pem) for pem in pems)
    return Anchors(certificates, Store(list(certificates)) if certificates else None)


def _to_der(pem: str) -> bytes:
    try:
        return ssl.PEM_cert_to_DER_cert(pem)
    except ValueError:
        return b""
