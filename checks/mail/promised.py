"""What checks share that rest on the policy for mail to the domain (RFC 8461): how it was read, and who keeps it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from checks import contract
from checks.contract import Outcome
from checks.evidence.mail import MailRouting
from checks.evidence.mta_sts import MtaSts
from checks.evidence.smtp import Ending, MailServer, MailServers
from checks.evidence.tls import HandshakeEnd
from checks.evidence.web import HttpAnswer, Visit
from checks.records.good_certificates import is_bad, is_good
from checks.records.host_names import covers
from checks.records.http_body import content
from checks.records.mta_sts import Fault, Policy, is_sts, is_valid, parse

_GONE = {404, 410}
_REDIRECTS = {301, 302, 303, 307, 308}
_MAX_SHOWN = 200


class State(StrEnum):
    """How reading the policy ended, the best first. `UNCLEAR`: not at all, which is no fault that was seen."""

    READ = "read"
    MALFORMED = "malformed"
    UNTRUSTED = "untrusted"
    MISSING = "missing"
    UNCLEAR = "unclear"


class Reading(Struct, frozen=True):
    """What senders get for a policy. `text` is what came; `fault` names the line or field that spoils it.

    `status` and `kind` are those of the answer (`404`, `text/html`), where there was one; `reason` says why it is
    unclear.
    """

    state: State
    policy: Policy | None = None
    text: str = ""
    fault: str = ""
    status: int | None = None
    kind: str = ""
    reason: Outcome | None = None


def announced(found: MtaSts) -> bool:
    """Whether one record, and a valid one, tells senders that there is a policy."""
    texts = [text for text in found.record.records if is_sts(text)]
    return len(texts) == 1 and is_valid(texts[0])


def read(found: MtaSts) -> Reading:
    """The policy as senders get it at the best of the host's addresses: they try the others."""
    if not found.visits:
        if found.unseen is None and found.host.exists:
            return Reading(State.UNCLEAR, reason=contract.CALLED_ENOUGH)  # see `gather.visits.MAX_VISITS`
        absent = found.host.answered and not found.host.exists
        return Reading(State.MISSING) if absent else Reading(State.UNCLEAR, reason=found.unseen or found.host.reason)
    readings = [_of(visit, found.host.host, found.seen_at) for visit in found.visits]
    return min(readings, key=lambda reading: [*State].index(reading.state))


def enforced(found: MtaSts) -> Policy | None:
    """The policy that senders hold the mail servers to, if there is one."""
    policy = read(found).policy if announced(found) else None
    return policy if policy is not None and policy.mode == "enforce" else None


def _of(visit: Visit, host: str, when: datetime) -> Reading:
    shaken = visit.handshake
    if shaken is not None and shaken.end in {HandshakeEnd.REFUSED, HandshakeEnd.NOT_TLS}:
        return Reading(State.MISSING)
    if shaken is not None and shaken.end is HandshakeEnd.OK and is_bad(shaken, host, when):
        return Reading(State.UNTRUSTED)
    return Reading(State.UNCLEAR, reason=visit.reason) if visit.answer is None else _of_answer(visit.answer)


def _of_answer(answer: HttpAnswer) -> Reading:
    """Only a plain text with the status of success is a policy; senders follow no redirect (section 3.3).

    An answer without a type is given the benefit of the doubt.
    """
    status = answer.status
    kind = next(iter(answer.values("content-type")), "").partition(";")[0].strip().lower()
    if status in _GONE | _REDIRECTS or (status == 200 and kind not in {"text/plain", ""}):  # noqa: PLR2004 - RFC 9110, section 15.3.1
        return Reading(State.MISSING, status=status, kind=kind[:_MAX_SHOWN])
    if status != 200:  # noqa: PLR2004 - the same
        limited = status == 429 or (status == 503 and answer.values("retry-after"))  # noqa: PLR2004 - RFC 6585, section 4, and RFC 9110, section 15.6.4
        reason = contract.RATE_LIMITED if limited else contract.PAGE_NOT_SHOWN
        return Reading(State.UNCLEAR, status=status, reason=reason)
    data = content(answer)
    if data is None:
        return Reading(State.UNCLEAR, status=status, reason=contract.CONNECTION_FAILED)
    text = data.decode("utf-8", "replace")
    policy = parse(text)
    if isinstance(policy, Fault):
        return Reading(State.MALFORMED, text=text, fault=policy.where[:_MAX_SHOWN], status=status, kind=kind)
    return Reading(State.READ, policy, text, status=status, kind=kind)


def named_hosts(routing: MailRouting) -> list[str]:
    """The mail servers that the MX records name; those that do not exist are told by mail.mx."""
    if not routing.mx.records:
        return []
    known = [(host.host, host.addresses) for host in routing.hosts if host.addresses is not None]
    return [name for name, found in known if found.exists or not found.answered]


def all_prove_their_names(hosts: list[str], found: MailServers, when: datetime) -> bool:
    """Whether each of these mail servers encrypts with a good certificate, as a sender who insists on it would see.

    One that was not talked to counts where a good certificate of another names it too.
    """
    servers = {server.host: server for server in found.servers}
    good = [host for host in hosts if host in servers and _proves_its_name(servers[host], when)]
    leaves = [one.handshake.leaf for host in good for one in servers[host].conversations if one.handshake]
    names = {name for leaf in leaves if leaf is not None for name in leaf.names}
    return bool(good) and all(host in good or (host not in servers and covers(names, host)) for host in hosts)


def _proves_its_name(server: MailServer, when: datetime) -> bool:
    return bool(server.conversations) and all(
        one.ending is Ending.ENCRYPTED and one.handshake is not None and is_good(one.handshake, server.host, when)
        for one in server.conversations
    )
