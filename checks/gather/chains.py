"""Reads the chain of certificates that a server sent, and says where it leads."""

import ssl
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography import x509

from checks.evidence.tls import Certificate, Trust
from checks.gather.trust_store import system_anchors
from checks.records.certificates import FORGEABLE_HASHES, describe, load, signature_hash
from checks.records.trust import MAX_CHAIN, Anchors, is_anchor, trust_of

_KEPT = 64
"""Chains whose reading is kept: a domain's servers send the same one or two again and again."""


def chain_of(session: ssl.SSLObject) -> tuple[tuple[Certificate, ...], Trust]:
    """The certificates as the server sent them, the leaf first, up to the first that cannot be read; their trust."""
    return _read(tuple(_served(session)), system_anchors(), datetime.now(UTC).replace(second=0, microsecond=0))


@lru_cache(maxsize=_KEPT)
def _read(ders: tuple[bytes, ...], anchors: Anchors, minute: datetime) -> tuple[tuple[Certificate, ...], Trust]:
    """The minute is part of what a reading is kept by, so that none outlives a certificate."""
    loaded = [load(der) for der in ders]
    described = tuple(_described(zip(loaded, ders, strict=True), anchors))
    return described, trust_of([found for found in loaded if found is not None], anchors, minute)


def _described(served: Iterable[tuple[x509.Certificate | None, bytes]], anchors: Anchors) -> Iterator[Certificate]:
    """Up to the first that cannot be read: what follows it must not pass for the one before."""
    for found, der in served:
        described = None if found is None else describe(found, der, trusted=_stands_for_itself(found, anchors))
        if described is None:
            return
        yield described


def _stands_for_itself(certificate: x509.Certificate, anchors: Anchors) -> bool:
    """Whether it is a trusted authority's own; only asked where its signature is in doubt, for it takes a while."""
    return signature_hash(certificate) in FORGEABLE_HASHES and is_anchor(certificate, anchors)


def _served(session: Any) -> list[bytes]:  # noqa: ANN401 - the chain is public only from Python 3.13 on
    """The certificates as the server sent them, DER, the leaf first."""
    if hasattr(session, "get_unverified_chain"):
        return list(session.get_unverified_chain() or ())[:MAX_CHAIN]
    chain = session._sslobj.get_unverified_chain() or ()  # noqa: SLF001 - the same, under its older name
    return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in chain[:MAX_CHAIN]]
