"""Asks the registry about a registration: RDAP over HTTPS (RFC 7480 and 9082)."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import urlsplit

from checks import contract
from checks.addresses import VettedAddress
from checks.contract import Outcome
from checks.evidence.lookups import HostAddresses, Vantage
from checks.evidence.registration import Register, Registration
from checks.evidence.tls import Handshake, Trust
from checks.evidence.web import HttpAnswer, Visit
from checks.gather.gathering import Gathering
from checks.gather.http import Ports, visit
from checks.records.host_names import covers
from checks.records.http_body import content
from checks.records.locations import Target, resolve
from checks.records.rdap import parse
from checks.records.registries import registries

DEADLINE_S = 8.0
LOOK_UP_S = 4.0
"""Of these, for the address of the registry's service."""
MAX_REDIRECTS = 2
MEDIA_TYPE = "application/rdap+json, application/json;q=0.9"
_OK, _NOT_FOUND, _TOO_MANY = 200, 404, 429
_PORTS = Ports()


async def gather_registration(gathering: Gathering) -> Registration:
    """The registration of the domain itself; a name below it is asked for at nobody's."""
    name = gathering.domain
    tld = name.rpartition(".")[2]
    if name.count(".") != 1:
        return Registration(Register.SUBDOMAIN, datetime.now(UTC))
    if tld in registries().silent and tld not in gathering.network.registries:
        return Registration(Register.SILENT, datetime.now(UTC))
    return await ask_registry(gathering, name)


async def ask_registry(gathering: Gathering, name: str) -> Registration:
    """What the registry of that name's top-level domain says about it, within DEADLINE_S."""
    tld = name.rpartition(".")[2]
    base = gathering.network.registries.get(tld) or registries().services.get(tld)
    target = None if base is None else _target(base, name)
    if target is None:
        return Registration(Register.SILENT, datetime.now(UTC))
    try:
        async with asyncio.timeout_at(gathering.network.deadline(DEADLINE_S)):
            seen = await _follow(gathering, target)
    except TimeoutError:
        seen = contract.CONNECTION_TIMEOUT
    if isinstance(seen, Outcome):
        return Registration(Register.UNSEEN, datetime.now(UTC), reason=seen)
    return _read(seen, name)


def _read(answer: HttpAnswer, name: str) -> Registration:
    now = datetime.now(UTC)
    if answer.status == _NOT_FOUND:
        return Registration(Register.NOT_FOUND, now)
    if answer.status == _TOO_MANY:
        return Registration(Register.UNSEEN, now, reason=contract.RATE_LIMITED)
    text = content(answer) if answer.status == _OK else None
    domain = None if text is None else parse(text, name)
    if domain is None:
        return Registration(Register.UNSEEN, now, reason=contract.CONNECTION_FAILED)
    return Registration(Register.FOUND, now, domain)


def _target(base: str, name: str) -> Target | None:
    """Where to ask for that domain (RFC 9082, section 3.1.3). None for a service that is not on https."""
    found = resolve(Target(urlsplit(base).hostname or "", secure=True), f"{base.rstrip('/')}/domain/{name}")
    return found if isinstance(found, Target) and found.secure else None


async def _follow(gathering: Gathering, target: Target) -> HttpAnswer | Outcome:
    """The last answer, at most MAX_REDIRECTS away; or why there is none. Only https, with a good certificate."""
    for _ in range(MAX_REDIRECTS + 1):
        seen = await _visit(gathering, target)
        if isinstance(seen, Outcome) or seen.location is None:
            return seen
        next_target = resolve(target, seen.location)
        if not isinstance(next_target, Target) or not next_target.secure:
            return contract.CONNECTION_FAILED
        target = next_target
    return contract.CONNECTION_FAILED


async def _visit(gathering: Gathering, target: Target) -> HttpAnswer | Outcome:
    try:
        async with asyncio.timeout(LOOK_UP_S):
            addresses = await gathering.network.addresses(target.host)
    except TimeoutError:
        return contract.DNS_TIMEOUT
    address = await _choose(gathering, addresses)
    if address is None:
        refused = contract.ADDRESS_NOT_PUBLIC if addresses.refused else contract.BLOCKED_FROM_HERE
        return refused if addresses.exists else addresses.reason
    network = gathering.network
    seen = await visit(network, address, target, _PORTS, DEADLINE_S, whole=True, accept=MEDIA_TYPE)
    if seen.answer is None:
        return seen.reason
    return seen.answer if _is_trusted(seen, target.host) else contract.CONNECTION_FAILED


async def _choose(gathering: Gathering, addresses: HostAddresses) -> VettedAddress | None:
    """One address, IPv4 first; IPv6 only where we have it."""
    for address in addresses.vetted:
        if not address.is_ipv6:
            return address
    if addresses.vetted and (await gathering.part(Vantage)).ipv6:
        return addresses.vetted[0]
    return None


def _is_trusted(seen: Visit, host: str) -> bool:
    """Whether whoever answered showed a certificate for that name that we would believe."""
    shaken: Handshake | None = seen.handshake
    leaf = shaken.leaf if shaken else None
    if shaken is None or leaf is None or shaken.trust is not Trust.TRUSTED:
        return False
    return covers(leaf.names, host) and leaf.not_before <= datetime.now(UTC) <= leaf.not_after
