"""Asks for the policy for mail to the domain, as a sender does (RFC 8461, section 3)."""

import asyncio
from datetime import UTC, datetime

from checks.evidence.mail import MailRouting
from checks.evidence.mta_sts import MtaSts
from checks.gather.gathering import Gathering
from checks.gather.visits import Visits
from checks.records.locations import Target
from checks.records.mta_sts import PATH, looks_like_sts

MAX_ADDRESSES = 2


async def gather_mta_sts(gathering: Gathering) -> MtaSts:
    """The record and the host at once; then the policy, where one is announced and there is mail that it concerns."""
    visits = await gathering.part(Visits)
    record, site, routing = await asyncio.gather(
        gathering.network.ask(f"_mta-sts.{gathering.domain}", "TXT"),
        visits.site(f"mta-sts.{gathering.domain}"),
        gathering.part(MailRouting),
    )
    website_of = await _website_of(visits) if routing.receives and not site.addresses.exists else None
    if not routing.receives or not any(map(looks_like_sts, record.records)):
        return MtaSts(record, site.addresses, (), datetime.now(UTC), website_of=website_of)
    target = Target(site.host, secure=True, path=PATH)
    chosen = [address for address in site.chosen[:MAX_ADDRESSES] if visits.may_visit(address, target, whole=True)]
    seen = await asyncio.gather(*(visits.visit(address, target, whole=True) for address in chosen))
    return MtaSts(record, site.addresses, tuple(seen), datetime.now(UTC), site.unseen, website_of)


async def _website_of(visits: Visits) -> str | None:
    """The company whose shared web servers the website stands on, if we know it."""
    from checks.shared_servers import service_at, service_named  # noqa: PLC0415 - start-up: not all need the list

    own = (await visits.site(visits.gathering.domain)).addresses
    by_name = service_named(own.alias) if own.alias else None
    return by_name or next(filter(None, (service_at(address.text) for address in own.vetted)), None)
