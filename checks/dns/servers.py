"""What the checks of the name servers share: which there are, and why one could not be seen.

A server whose name leads nowhere is left out by all of them: dns.dangling tells that fault.
"""

from collections.abc import Iterable, Iterator

from checks.contract import (
    ADDRESS_NOT_PUBLIC,
    BLOCKED_FROM_HERE,
    NO_NAME_SERVERS,
    UNCLEAR_REPLY,
    Evidence,
    Json,
    Outcome,
    Verdict,
)
from checks.evidence.authority import AskedServer, NameServers, ServerAnswers
from checks.evidence.dns import Delegation
from checks.evidence.lookups import HostAddresses, Reach

Unseen = tuple[str, Outcome]
"""A server that could not be seen, and the shared `unknown` outcome that says why."""


def unlisted(evidence: Evidence) -> Verdict | None:
    """Why there are no name servers to look at; None where there are."""
    servers = evidence.part(Delegation).zone_servers
    if not servers.answered:
        return Verdict(servers.reason, evidence.domain)
    if evidence.part(NameServers).zone is None:
        return Verdict(NO_NAME_SERVERS, evidence.domain)
    return None


def is_gone(server: HostAddresses) -> bool:
    """Whether the server's name surely has no address."""
    return server.answered and not server.exists


def reason_of(server: HostAddresses) -> Outcome | None:
    """Why nothing can be asked of it; None where it has an address to ask at, or surely none at all."""
    if server.vetted or is_gone(server):
        return None
    return ADDRESS_NOT_PUBLIC if server.refused else server.reason


def unseen_addresses(servers: Iterable[HostAddresses]) -> Iterator[Unseen]:
    """The servers that have no address to ask at, though their name may well lead somewhere."""
    for server in servers:
        reason = reason_of(server)
        if reason is not None:
            yield server.host, reason


def half_seen(servers: Iterable[HostAddresses]) -> Iterator[Unseen]:
    """The servers that may have addresses beside those that are known: a question about them got no answer."""
    return ((server.host, server.reason) for server in servers if not server.answered)


def count_servers(servers: Iterable[HostAddresses]) -> int:
    """How many servers there surely are: names that share an address are one, several addresses of a kind several."""
    known = [server for server in servers if server.exists]
    places: list[set[str]] = []
    for server in known:
        own = {*server.v4.records, *server.v6.records}
        apart = [place for place in places if place.isdisjoint(own)]
        places = [*apart, own.union(*(place for place in places if not place.isdisjoint(own)))]
    v4 = {text for server in known for text in server.v4.records}
    v6 = {text for server in known for text in server.v6.records}
    return max(len(places), len(v4), len(v6))


def without_authority(server: AskedServer, answers: ServerAnswers) -> Iterator[tuple[str, str]]:
    """The address and reply code wherever it is proven that the server does not know the zone.

    Only what says so counts: NOTIMP or FORMERR may be about the way we ask, and SERVFAIL is trouble that may pass.
    """
    for answer in server.answers:
        telling = answer.rcode in {"NOERROR", "NXDOMAIN", "REFUSED", "NOTAUTH"}
        if answer.reach is Reach.OK and not answer.authoritative and telling and answers.is_open_way(answer.address):
            yield answer.address, answer.rcode


def unseen_answers(answers: ServerAnswers) -> Iterator[Unseen]:
    """The servers of which no address gave a reply that tells whether they know the zone, and why."""
    for server in answers.servers:
        reason = reason_of(server.addresses)
        if reason is None and server.answers and not server.authoritative:
            telling = any(without_authority(server, answers))
            reason = None if telling else unclear(answer.reach for answer in server.answers)
        if reason is not None:
            yield server.host, reason


def unclear(reaches: Iterable[Reach]) -> Outcome:
    """Why replies told nothing: the first way in which one was missed, else that they made no sense."""
    missed = [reach for reach in reaches if reach is not Reach.OK]
    lasting = [reach for reach in missed if reach is not Reach.BLOCKED_HERE]
    return (lasting or missed)[0].reason if missed else UNCLEAR_REPLY


def blocked_from_here(evidence: Evidence, facts: dict[str, Json]) -> Verdict | None:
    """The verdict where our own network lets nobody ask name servers; None where it does (see `checks.limits`)."""
    if not evidence.part(ServerAnswers).blocked_here:
        return None
    return Verdict(BLOCKED_FROM_HERE, evidence.domain, {**facts, "blocked": "port-53"})


def could_not_tell(unseen: Iterable[Unseen], facts: dict[str, Json]) -> Verdict | None:
    """The verdict about the first server that could not be seen, with all of them in its facts; None without any."""
    found = list(unseen)
    if not found:
        return None
    host, reason = found[0]
    return Verdict(reason, host, {**facts, "unseen": [name for name, _ in found]})
