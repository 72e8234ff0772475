"""Follows what the domain's records name, and finds what leads nowhere."""

import asyncio
import secrets
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from checks.evidence.authority import NameServers
from checks.evidence.dead_ends import DeadEnd, DeadEnds, Vacancy
from checks.evidence.dkim import DkimAttempts
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Answer, HostAddresses, Lookup
from checks.evidence.mail import MailRouting
from checks.evidence.spf import SpfPolicy
from checks.gather.gathering import Gathering
from checks.gather.once import Once
from checks.gather.vacancies import vacancy_of
from checks.records.claimable import service_of

ALIASES = ("", "www.", "mail.", "autodiscover.", "mta-sts.")
"""Before the domain's name: where aliases to other companies usually stand."""
DEADLINE_S = 11.0
CLOSER_S = 8.0
"""For looking closer, within what the inspection has left."""
MAX_ENDS = 12
"""More loose ends than that tell nothing new."""


async def gather_dead_ends(gathering: Gathering) -> DeadEnds:
    """Only where something is missing, more is asked; what takes too long counts as a question without an answer."""
    network = gathering.network
    too_long = Answer(gathering.domain, "A", Lookup.TIMEOUT)
    try:
        async with asyncio.timeout_at(network.deadline(DEADLINE_S)):
            found = await _find(gathering)
    except TimeoutError:
        return DeadEnds((), (too_long,))
    try:
        async with asyncio.timeout_at(network.deadline(CLOSER_S)):
            return replace(found, ends=await _look_closer(gathering, found.ends))
    except TimeoutError:
        return replace(found, unanswered=(*found.unanswered, too_long))


async def _find(gathering: Gathering) -> DeadEnds:
    """The names and what they lead to, side by side."""
    network, domain = gathering.network, gathering.domain
    names = ((f"{label}{domain}", "A") for label in ALIASES)
    aliases, delegation, servers, routing, spf, dkim = await asyncio.gather(
        asyncio.gather(*(network.ask(*question) for question in (*names, (f"_dmarc.{domain}", "TXT")))),
        gathering.part(Delegation),
        gathering.part(NameServers),
        gathering.part(MailRouting),
        gathering.part(SpfPolicy),
        gathering.part(DkimAttempts),
    )
    keys = [answer for _, answer in dkim.tried if answer.alias != dkim.stray.alias]
    suspects = {
        *_aliases((*aliases, *keys)),
        *_hosts(domain, "MX", (host.addresses for host in routing.hosts if host.addresses is not None)),
        *_hosts(domain, "NS", servers.servers),
        *_policies(domain, spf),
    }
    ends = sorted(suspects, key=lambda end: (end.rdtype, end.owner, end.value))[:MAX_ENDS]
    asked = (*aliases, delegation.zone_servers, routing.mx)
    return DeadEnds(tuple(ends), tuple(each for each in asked if not each.answered))


def _aliases(answers: Iterable[Answer]) -> Iterator[DeadEnd]:
    for answer in answers:
        if answer.alias is not None and answer.lookup is Lookup.NO_NAME and not answer.bogus:
            yield DeadEnd(answer.name, "CNAME", answer.alias, answer.alias)


def _hosts(domain: str, rdtype: str, hosts: Iterable[HostAddresses]) -> Iterator[DeadEnd]:
    """Servers without any address; what is bogus is no proof of that."""
    for host in hosts:
        if host.answered and not host.exists and not (host.v4.bogus or host.v6.bogus):
            yield DeadEnd(domain, rdtype, host.host, host.v4.alias or host.host)


def _policies(domain: str, spf: SpfPolicy) -> Iterator[DeadEnd]:
    for name in spf.root.voids:
        yield DeadEnd(domain, "TXT", name, name)


async def _look_closer(gathering: Gathering, ends: tuple[DeadEnd, ...]) -> tuple[DeadEnd, ...]:
    """The same with what is missing; nobody is asked twice about one name."""
    if not ends:
        return ()
    vacancies: Once[str, Vacancy | None] = Once()

    async def look(end: DeadEnd) -> DeadEnd:
        vacancy, value, reserved = await asyncio.gather(
            vacancies.get(end.target, lambda: vacancy_of(gathering, end.target)),
            _value(gathering, end),
            _is_reserved(gathering, end),
        )
        return replace(end, vacancy=vacancy, value=value, reserved=reserved)

    stray, seen = await asyncio.gather(
        gathering.network.ask(f"kk-{secrets.token_hex(8)}.{gathering.domain}", "CNAME"),
        asyncio.gather(*(look(end) for end in ends)),
    )
    return tuple(dict.fromkeys(_folded(gathering.domain, end, stray) for end in seen))


async def _value(gathering: Gathering, end: DeadEnd) -> str:
    """What the record itself says: an alias may lead to another."""
    if end.rdtype != "CNAME":
        return end.value
    records = (await gathering.network.ask(end.owner, "CNAME")).records
    return records[0] if records else end.value


async def _is_reserved(gathering: Gathering, end: DeadEnd) -> bool:
    """Whether the hosting service would ask a stranger for a proof; silence is no proof of the contrary."""
    service = service_of(end.target)
    if service is None or service.proof is None:
        return False
    answer = await gathering.network.ask(f"{service.proof}.{end.owner}", "TXT")
    return bool(answer.records) or not answer.answered


def _folded(domain: str, end: DeadEnd, stray: Answer) -> DeadEnd:
    """What a wildcard gives under several names is one record (RFC 4592)."""
    by_wildcard = end.rdtype == "CNAME" and end.owner != domain and end.value in stray.records
    return replace(end, owner=f"*.{domain}") if by_wildcard else end
