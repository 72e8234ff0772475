"""Where a chain of certificates leads (RFC 5280, section 6), dates and names of the leaf left aside.

The path is found by `cryptography`; a chain that it refuses is walked once more, only to say what is missing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PSS, PKCS1v15
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError
from msgspec import Struct

from checks.evidence.tls import Trust
from checks.records.certificates import (
    FORGEABLE_HASHES,
    UNREADABLE,
    is_publicly_logged,
    is_weak,
    public_key,
    signature_hash,
    valid_at,
)

MAX_CHAIN = 10
_FOR_SERVERS = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}


class Anchors(Struct, frozen=True, eq=False):
    """The authorities that are trusted. `store` is None where there are none: then nothing can be told.

    One loading of a trust store equals no other.
    """

    certificates: tuple[x509.Certificate, ...]
    store: Store | None


def trust_of(chain: Sequence[x509.Certificate], anchors: Anchors, now: datetime) -> Trust:
    """Whether the first certificate leads to an authority, and else why not. Never raises for a strange one.

    An expired leaf is judged by a moment when it was valid: its dates are another finding.
    """
    if not chain or anchors.store is None:
        return Trust.UNCLEAR
    leaf, others = chain[0], list(chain[1:MAX_CHAIN])
    try:
        when = min(max(now, leaf.not_valid_before_utc), leaf.not_valid_after_utc - timedelta(seconds=1))
    except UNREADABLE:
        return Trust.UNCLEAR
    try:
        builder = PolicyBuilder().store(anchors.store).time(when).extension_policies(ca_policy=_CA, ee_policy=_LEAF)
        # The verifier for clients is the one that takes no name: names are another finding.
        builder.build_client_verifier().verify(leaf, others)
    except (VerificationError, *UNREADABLE):
        return _why_not(leaf, others, anchors, when)
    return Trust.TRUSTED


def _why_not(leaf: x509.Certificate, others: list[x509.Certificate], anchors: Anchors, when: datetime) -> Trust:
    path = walk(leaf, others)
    top = path[-1]
    if any(top == anchor or _issued(top, anchor) for anchor in anchors.certificates):
        if any(not valid_at(certificate, when) for certificate in path[1:]):
            return Trust.INCOMPLETE
        return Trust.TRUSTED if _is_only_weak(path, anchors) else Trust.UNCLEAR
    if _issued(top, top):
        return Trust.SELF_SIGNED if top is leaf else Trust.UNKNOWN_AUTHORITY
    # A link is missing above the top: of a known authority's chain, or the root of somebody's own.
    return Trust.INCOMPLETE if top is leaf or is_publicly_logged(leaf) else Trust.UNKNOWN_AUTHORITY


def _is_only_weak(path: list[x509.Certificate], anchors: Anchors) -> bool:
    """Whether it is for a short key or an old signature, which are another finding, that a whole path was refused.

    Where each of its links is as it should be, what lies above them was never in question.
    """
    links = [certificate for certificate in path if not is_anchor(certificate, anchors)]
    return any(is_weak(certificate) for certificate in links) and all(_may_sign(each) for each in path[1:])


def is_anchor(certificate: x509.Certificate, anchors: Anchors) -> bool:
    """Whether it is a trusted authority's, be it signed by another one as well."""
    key = public_key(certificate)
    return key is not None and any(
        certificate.subject == anchor.subject and key == public_key(anchor) for anchor in anchors.certificates
    )


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except UNREADABLE:
        return False


def walk(leaf: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    """The leaf and its issuers among the other certificates, as far as they lead."""
    path = [leaf]
    rest = [certificate for certificate in others if certificate != leaf]
    while not _issued(path[-1], path[-1]):
        issuer = next((certificate for certificate in rest if _issued(path[-1], certificate)), None)
        if issuer is None:
            break
        rest.remove(issuer)
        path.append(issuer)
    return path


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the one signed the other; a signature that our library cannot check counts by its name."""
    try:
        if certificate.issuer != issuer.subject:
            return False
        if signature_hash(certificate) in FORGEABLE_HASHES:
            _verify_old_signature(certificate, issuer)
        else:
            certificate.verify_directly_issued_by(issuer)
    except UnsupportedAlgorithm:
        return True
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def _verify_old_signature(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    """As `verify_directly_issued_by`, which refuses SHA-1 and MD5. Raises InvalidSignature, or what UNREADABLE has."""
    key, used = issuer.public_key(), certificate.signature_hash_algorithm
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    padding = certificate.signature_algorithm_parameters
    if isinstance(key, rsa.RSAPublicKey) and isinstance(padding, PKCS1v15 | PSS) and used is not None:
        key.verify(signature, signed, padding, used)
    elif isinstance(key, ec.EllipticCurvePublicKey) and used is not None:
        key.verify(signature, signed, ec.ECDSA(used))
    else:
        raise InvalidSignature


def _require_authority(_policy: Policy, _certificate: x509.Certificate, extension: x509.BasicConstraints) -> None:
    if not extension.ca:
        raise ValueError("not an authority")


def _require_use_for_servers(
    _policy: Policy, _certificate: x509.Certificate, extension: x509.ExtendedKeyUsage | None
) -> None:
    if extension is not None and not _FOR_SERVERS.intersection(extension):
        raise ValueError("not for servers")


# More lenient than browsers about form, never about who signed what: weak keys and odd extensions are no broken chain.
_CA = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _require_authority)
    .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _require_use_for_servers)
)
_LEAF = ExtensionPolicy.permit_all().may_be_present(
    x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _require_use_for_servers
)
