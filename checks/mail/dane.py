"""mail.dane: are the mail servers' certificates the ones that the name service promises? (RFC 7672).

A promise counts where all that leads to it is signed. A broken one is told although the domain's own MX record is
not signed: senders may hold the server to it all the same (RFC 7672, section 2.2.1), and large ones do.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from checks import contract
from checks.contract import Check, Evidence, Json, Outcome, Record, Verdict, failed, info, passed, unknown
from checks.evidence.dane import Promise, Promises
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Answer, Vantage
from checks.evidence.mail import MailRouting
from checks.evidence.smtp import Conversation, Ending, MailServer, MailServers
from checks.evidence.tls import Handshake
from checks.mail.servers import each_server, telling
from checks.records.tlsa import Tlsa, is_bare_key, keeps, promise_of

KEPT = passed("kept")
BROKEN = failed("broken")
UNUSABLE = failed("unusable")
ABSENT = info("absent")
NOT_SIGNED = info("not-signed")
NOT_VALIDATING = unknown("resolver-does-not-validate")
UNCLEAR = unknown("unclear")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each mail server; that one has no promise can be told without having talked to it."""
    found, promises = evidence.part(MailServers), evidence.part(Promises)

    def beforehand(server: MailServer) -> Verdict | None:
        promise = promises.of(server.host)
        absent = promise is not None and promise.tlsa.answered and not promise.tlsa.records and not promise.tlsa.bogus
        return Verdict(ABSENT, server.host) if absent else None

    yield from each_server(evidence, lambda server: _of(evidence, server, telling(server, found)), beforehand)


def _of(evidence: Evidence, server: MailServer, told: list[Conversation]) -> Verdict:
    promises = evidence.part(Promises)
    promise = promises.of(server.host)
    assert promise is not None  # noqa: S101 - each server that was talked to was asked about
    seen = [one.handshake for one in told if one.ending is Ending.ENCRYPTED and one.handshake is not None]
    outcome = _before_comparing(promise, evidence.part(Vantage)) or _compare(promise, seen, promises.seen_at, evidence)
    mx = [promises.mx] if promises.mx is not None else []
    if outcome is KEPT and not all(answer.authenticated for answer in mx):
        outcome = _without_signature(mx, evidence.part(Vantage))
    fitting = _fitting(seen)
    facts: dict[str, Json] = {
        "name": promise.tlsa.name,
        "records": [*promise.tlsa.records],
        "fitting": [*fitting],
        "unsigned": [answer.name for answer in (*promise.answers, *mx) if not answer.authenticated],
    }
    mendable = outcome in {BROKEN, UNUSABLE} and _is_seen_everywhere(server, told)
    offered = _records(evidence, promise, fitting) if mendable else ()
    return Verdict(outcome, server.host, facts, offered)


def _before_comparing(promise: Promise, vantage: Vantage) -> Outcome | None:
    """Why the promise does not count, or why that cannot be told. None where it counts."""
    for answer in (promise.tlsa, *promise.addresses):
        if not answer.answered:
            return answer.reason
        if answer.bogus:
            return contract.DNS_FAILED
    unsigned = [answer for answer in promise.answers if not answer.authenticated]
    return _without_signature(unsigned, vantage) if unsigned else None


def _without_signature(unsigned: Iterable[Answer], vantage: Vantage) -> Outcome:
    """A resolver that was not shown to validate says nothing by leaving an answer unmarked."""
    seen_by = {answer.resolver for answer in unsigned}
    return NOT_SIGNED if seen_by <= set(vantage.validating) else NOT_VALIDATING


def _compare(promise: Promise, seen: Sequence[Handshake], when: datetime, evidence: Evidence) -> Outcome:
    """Every address that was seen must keep the promise, by any one of its records."""
    if not seen:
        return contract.NO_STARTTLS
    if not all(handshake.chain for handshake in seen):
        return UNCLEAR
    records = [record for record in map(_parse, promise.tlsa.records) if record is not None and record.usable]
    if not records:
        return UNUSABLE
    names = {promise.host, promise.base, evidence.domain}
    if all(any(keeps(record, handshake.chain, names, when) for record in records) for handshake in seen):
        return KEPT
    return UNCLEAR if any(is_bare_key(record) for record in records) else BROKEN


def _parse(text: str) -> Tlsa | None:
    try:
        return Tlsa.parse(text)
    except ValueError:
        return None


def _is_seen_everywhere(server: MailServer, told: Iterable[Conversation]) -> bool:
    """Whether each of its addresses showed a certificate: the records in place may fit that of another."""
    known = server.addresses
    places = {*known.v4.records, *known.v6.records} if known is not None else set()
    return places <= {one.address for one in told if one.ending is Ending.ENCRYPTED}


def _fitting(seen: Sequence[Handshake]) -> list[str]:
    """The records that fit the certificates that the server shows."""
    return [*dict.fromkeys(promise_of(handshake.chain[0]) for handshake in seen if handshake.chain)]


def _records(evidence: Evidence, promise: Promise, fitting: Sequence[str]) -> tuple[Record, ...]:
    """What to publish instead, where it stands in the domain's own zone; elsewhere that is the mail provider's."""
    tlsa = promise.tlsa
    signers = {signature.signer for signature in tlsa.signatures if signature.covers == "TLSA"}
    if signers != {evidence.part(Delegation).zone} or promise.base != promise.host or tlsa.alias is not None:
        return ()
    actions = ["replace", *["add"] * (len(fitting) - 1)]
    return tuple(Record(action, tlsa.name, "TLSA", value) for action, value in zip(actions, fitting, strict=True))


CHECK = Check(
    "mail.dane",
    needs=(MailRouting, MailServers, Promises, Delegation, Vantage),
    outcomes=(KEPT, BROKEN, UNUSABLE, ABSENT, NOT_SIGNED, NOT_VALIDATING, UNCLEAR),
    judge=judge,
)
