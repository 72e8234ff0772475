"""Asks for the domain's DMARC record, for those of the names above it, and whether others take its reports."""

import asyncio

from checks.evidence.dmarc import DmarcReportHosts, DmarcWalk, ReportHost
from checks.gather.gathering import Gathering
from checks.gather.inboxes import MAX_REPORT_HOSTS, ask_for_inbox
from checks.records.dmarc_discovery import Step, discover, walk_names
from checks.records.dmarc_reports import destinations


async def gather_dmarc(gathering: Gathering) -> DmarcWalk:
    """All names of the tree walk, at most eight questions at once."""
    return DmarcWalk(await _walk(gathering, gathering.domain))


async def gather_report_hosts(gathering: Gathering) -> DmarcReportHosts:
    """What each host of a report address says, all side by side; nothing is asked about the domain's own."""
    step = discover((await gathering.part(DmarcWalk)).steps).step
    if step is None or step.record is None:
        return DmarcReportHosts({})
    named = dict.fromkeys(each.host for each in destinations(step.record) if each.host != step.domain)
    hosts = [*named][:MAX_REPORT_HOSTS]
    found = await asyncio.gather(*(_look_at(gathering, step.domain, host) for host in hosts))
    return DmarcReportHosts(dict(zip(hosts, found, strict=True)))


async def _look_at(gathering: Gathering, domain: str, host: str) -> ReportHost:
    network = gathering.network
    asked = network.ask(f"{domain}._report._dmarc.{host}", "TXT"), ask_for_inbox(network, host)
    steps, permission, inbox = await asyncio.gather(_walk(gathering, host), *asked)
    return ReportHost(steps, permission, inbox)


async def _walk(gathering: Gathering, domain: str) -> tuple[Step, ...]:
    names = walk_names(domain)
    answers = await asyncio.gather(*(gathering.network.ask(f"_dmarc.{name}", "TXT") for name in names))
    return tuple(Step(name, answer) for name, answer in zip(names, answers, strict=True))
