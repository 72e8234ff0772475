"""What the checks of mail servers share: one verdict for each server, and why nothing was seen of one."""

from collections.abc import Callable, Iterator

from checks import contract
from checks.contract import Evidence, Json, Outcome, Verdict
from checks.evidence.mail import MailRouting
from checks.evidence.smtp import Conversation, Ending, MailServer, MailServers

Judge = Callable[[MailServer], Verdict]
Known = Callable[[MailServer], Verdict | None]

_REASONS = {
    Ending.MASKED: contract.MASKED,
    Ending.NOT_OFFERED: contract.BLOCKED_FROM_HERE,
    Ending.TRY_LATER: contract.TRY_LATER,
    Ending.TURNED_AWAY: contract.TURNED_AWAY,
    Ending.NOT_SMTP: contract.NOT_SMTP,
    Ending.BROKEN_OFF: contract.CONNECTION_FAILED,
    Ending.TLS_REFUSED: contract.UNCLEAR_REPLY,
    Ending.TLS_FAILED: contract.UNCLEAR_REPLY,
    Ending.CUT_OFF: contract.CONNECTION_FAILED,
    Ending.SILENT: contract.CONNECTION_TIMEOUT,
}
"""Why we could not tell, the most telling first."""


def each_server(evidence: Evidence, judge: Judge, beforehand: Known = lambda _server: None) -> Iterator[Verdict]:
    """The verdict on each server that was talked to; the others' reason, or one for the domain, for there being none.

    Args:
        evidence: with MailRouting and MailServers.
        judge: called for each server with at least one conversation that tells something (see `telling`).
        beforehand: what is known of a server however the conversations with it ended.
    """
    routing, found = evidence.part(MailRouting), evidence.part(MailServers)
    if not routing.answered:
        yield Verdict(routing.reason, evidence.domain)
    elif not routing.receives:
        yield Verdict(contract.NO_MAIL, evidence.domain)
    elif found.port_blocked:
        yield Verdict(contract.BLOCKED_FROM_HERE, evidence.domain, {"blocked": "port-25"})
    else:
        for server in (server for server in found.servers if server.host):
            told = telling(server, found)
            is_server = bool(told) or (bool(server.conversations) and not routing.implicit)
            known = beforehand(server) if is_server else None
            yield known or (judge(server) if told else _unseen(server, implicit=routing.implicit))


def telling(server: MailServer, found: MailServers) -> list[Conversation]:
    """The conversations that say whether the server encrypts.

    An offer that comes to nothing tells something only where encryption with another server came about: something on
    our way may answer in the server's place. Nor does a missing offer where those are missing whose servers always
    make one. Whoever hangs up or falls silent in the middle may have taken offence at us.
    """
    doubtful = (_PROMISED_IN_VAIN if not found.tls_passes else set()) | (_VANISHED if found.offers_vanish else set())
    return [one for one in server.conversations if one.ending in _TELLING - doubtful]


def facts_of(server: MailServer, deciding: Conversation) -> dict[str, Json]:
    """All addresses that were tried, and the one that decided, with the code of its last reply."""
    return {
        "addresses": [one.address for one in server.conversations],
        "address": deciding.address,
        "reply_code": deciding.code,
    }


_PROMISED_IN_VAIN = {Ending.TLS_REFUSED, Ending.TLS_FAILED}
_VANISHED = {Ending.NOT_OFFERED}
_TELLING = {Ending.ENCRYPTED} | _PROMISED_IN_VAIN | _VANISHED


def _unseen(server: MailServer, *, implicit: bool) -> Verdict:
    if not server.conversations:
        return _unreachable(server)
    order = [*_REASONS, Ending.UNREACHED]
    deciding = min(server.conversations, key=lambda one: order.index(one.ending))
    return Verdict(_reason(deciding, implicit=implicit), server.host, facts_of(server, deciding))


def _reason(conversation: Conversation, *, implicit: bool) -> Outcome:
    if conversation.ending is not Ending.UNREACHED:
        return _REASONS[conversation.ending]
    nobody_there = implicit and not conversation.reach.is_ours
    return contract.NO_MAIL_SERVER if nobody_there else conversation.reach.reason


def _unreachable(server: MailServer) -> Verdict:
    """A server without an address to talk to: a fault that mail.mx tells, or a limit of ours."""
    addresses = server.addresses
    if addresses is None:
        return Verdict(contract.NO_MAIL_ADDRESS, server.host)
    if server.only_ipv6:
        return Verdict(contract.BLOCKED_FROM_HERE, server.host, {"blocked": "ipv6"})
    if addresses.refused:
        return Verdict(contract.ADDRESS_NOT_PUBLIC, server.host, {"addresses": [*addresses.refused]})
    return Verdict(contract.NO_MAIL_ADDRESS if addresses.answered else addresses.reason, server.host)
