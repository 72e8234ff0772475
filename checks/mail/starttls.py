"""mail.starttls: does mail travel to the domain's mail servers encrypted? (RFC 3207).

The four most preferred servers are asked. Whether the certificate is good is not judged here: a mail server that
sends does not look either, unless told to (RFC 7672, RFC 8461).
"""

from collections.abc import Iterator

from checks import contract
from checks.contract import Check, Evidence, Json, Outcome, Verdict, failed, not_applicable, passed, unknown
from checks.evidence.mail import MailRouting
from checks.evidence.smtp import Conversation, Ending, MailServer, MailServers

ENCRYPTED = passed("encrypted")
NOT_OFFERED = failed("not-offered")
OFFER_FAILS = failed("offer-fails")
TRY_LATER = unknown("try-later")
TURNED_AWAY = unknown("turned-away")
MASKED = unknown("masked")
NOT_SMTP = unknown("not-smtp")
NO_ADDRESS = not_applicable("no-address")
NO_SERVER = not_applicable("no-server")

_FAULTS = {Ending.NOT_OFFERED: NOT_OFFERED, Ending.TLS_REFUSED: OFFER_FAILS, Ending.TLS_FAILED: OFFER_FAILS}
_REASONS = {
    Ending.MASKED: MASKED,
    Ending.TRY_LATER: TRY_LATER,
    Ending.TURNED_AWAY: TURNED_AWAY,
    Ending.NOT_SMTP: NOT_SMTP,
    Ending.BROKEN_OFF: contract.CONNECTION_FAILED,
    Ending.SILENT: contract.CONNECTION_TIMEOUT,
}
"""Why we could not tell, the most telling first."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each mail server, or one about the domain where there is none to talk to."""
    routing = evidence.part(MailRouting)
    found = evidence.part(MailServers)
    if not routing.answered:
        yield Verdict(routing.reason, evidence.domain)
    elif not routing.receives:
        yield Verdict(contract.NO_MAIL, evidence.domain)
    elif found.port_blocked:
        yield Verdict(contract.BLOCKED_FROM_HERE, evidence.domain, {"blocked": "port-25"})
    else:
        for server in (server for server in found.servers if server.host):
            yield _judge_server(server, implicit=routing.implicit)


def _judge_server(server: MailServer, *, implicit: bool) -> Verdict:
    if not server.conversations:
        return _unreachable(server)
    deciding = _deciding(server.conversations)
    outcome = _outcome(deciding)
    if implicit and deciding.ending is Ending.UNREACHED:
        outcome = NO_SERVER
    return Verdict(outcome, server.host, _facts(server, deciding))


def _unreachable(server: MailServer) -> Verdict:
    """A server without an address to talk to: a fault that mail.mx tells, or a limit of ours."""
    addresses = server.addresses
    if addresses is None:
        return Verdict(NO_ADDRESS, server.host)
    if server.only_ipv6:
        return Verdict(contract.BLOCKED_FROM_HERE, server.host, {"blocked": "ipv6"})
    if addresses.refused:
        return Verdict(contract.ADDRESS_NOT_PUBLIC, server.host, {"addresses": [*addresses.refused]})
    return Verdict(NO_ADDRESS if addresses.answered else addresses.reason, server.host)


def _deciding(conversations: tuple[Conversation, ...]) -> Conversation:
    """A proven fault at one address counts for the server; else success at one; else the most telling reason."""
    order = [*_FAULTS, Ending.ENCRYPTED, *_REASONS, Ending.UNREACHED]
    return min(conversations, key=lambda one: order.index(one.ending))


def _outcome(conversation: Conversation) -> Outcome:
    if conversation.ending is Ending.ENCRYPTED:
        return ENCRYPTED
    if conversation.ending is Ending.UNREACHED:
        return conversation.reach.reason
    return _FAULTS.get(conversation.ending) or _REASONS[conversation.ending]


def _facts(server: MailServer, deciding: Conversation) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "addresses": [one.address for one in server.conversations],
        "address": deciding.address,
        "reply_code": deciding.code,
    }
    if deciding.handshake is not None:
        facts["tls_version"] = deciding.handshake.version
        facts["handshake"] = deciding.handshake.end.value
    return facts


CHECK = Check(
    "mail.starttls",
    needs=(MailRouting, MailServers),
    outcomes=(
        ENCRYPTED,
        NOT_OFFERED,
        OFFER_FAILS,
        TRY_LATER,
        TURNED_AWAY,
        MASKED,
        NOT_SMTP,
        NO_ADDRESS,
        NO_SERVER,
    ),
    judge=judge,
)
