"""Makes the tools' outputs small enough to keep, and takes out what is of this machine."""

import re
from collections.abc import Mapping
from typing import Any

# sslyze: bodies and fingerprints of certificates, what was refused, and its own trust stores' chains.
_DROPPED = {
    *("as_pem", "hpkp_pin", "fingerprint_sha1", "fingerprint_sha256", "verified_certificate_chain", "path"),
    *("rejected_cipher_suites", "rejected_curves", "certificate_deployment_with_sni_disabled", "ev_oids", "uuid"),
    *("public_bytes", "x", "y", "prime", "generator", "rsa_n"),
}
_WITHOUT_ACCOUNT = re.compile(
    r"^(cert|cert_fingerprint\w+|cert_serial\w+|clientsimulation-.*|cipher_x\w+|engine_problem)$"
)
_FOLDERS = re.compile(r'(?<=")/(?:[\w.+-]+/)+')


def smaller(value: Any) -> Any:  # noqa: ANN401 - whatever a tool wrote
    """The same without the members that are dropped, and without folders in what is told of files."""
    if isinstance(value, Mapping):
        return {key: smaller(kept) for key, kept in value.items() if key not in _DROPPED}
    if isinstance(value, list):
        return [smaller(kept) for kept in value if not _is_dropped(kept)]
    return _without_folders(value) if isinstance(value, str) else value


def _is_dropped(member: Any) -> bool:  # noqa: ANN401
    """A line of testssl.sh's that repeats a certificate's body, or says what one browser would agree on."""
    return (
        isinstance(member, Mapping)
        and "severity" in member
        and "finding" in member
        and bool(_WITHOUT_ACCOUNT.match(member["id"]))
    )


def _without_folders(text: str) -> str:
    """In tracebacks of theirs: the file's own name is enough."""
    return _FOLDERS.sub("", text) if text.startswith("Traceback") else text
