"""One inspection: gather, judge, yield findings as each is ready."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable

from msgspec.structs import replace

from checks import advice, contract
from checks.contract import KEPT_UNTIL, Check, Evidence, Finding, Fix, Severity, Status, Verdict
from checks.document import moment
from checks.errors import UnusableDomainError
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Lookup, Vantage
from checks.evidence.optout import OptOut
from checks.gather.early import prepare
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.gather.sources import SOURCES
from checks.registry import ALL_CHECKS
from checks.request import Request

__all__ = ["Request", "inspect", "look_around", "to_finding"]

DEADLINE_S = 14.0
"""The backstop, for each check; before that everything on the network has ended (`checks.gather.early.WITHIN_S`)."""

log = logging.getLogger(__name__)


async def inspect(
    request: Request, network: Network, checks: Iterable[Check] = ALL_CHECKS, begun: Gathering | None = None
) -> AsyncGenerator[Finding, None]:
    """The findings of all checks, each as soon as it is judged; ids and subjects never repeat.

    `begun`: the beginning of this very inspection, where it was made ahead (`checks.gather.early.begin`).

    Raises:
        UnusableDomainError: `no-such-domain` or `opted-out`, before the first finding and before any server of the
            domain is called.
    """
    gathering = begun or prepare(request, network)
    gathering.sources = SOURCES
    tasks = [asyncio.create_task(_run(check, gathering)) for check in checks]
    try:
        await _require_leave(gathering)  # first: a wish to be left alone holds for names that do not exist, too
        await _require_existence(gathering)
        for finished in asyncio.as_completed(tasks):
            for finding in await finished:
                yield finding
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await gathering.close()


async def look_around(domain: str, network: Network) -> Vantage:
    """Our own limits in an inspection of that domain; with the inspection's own network no question is put twice."""
    gathering = Gathering(domain, network, SOURCES)
    try:
        return await gathering.part(Vantage)
    finally:
        await gathering.close()


async def _require_leave(gathering: Gathering) -> None:
    if (await gathering.part(OptOut)).by is not None:
        raise UnusableDomainError("opted-out", gathering.domain)


async def _require_existence(gathering: Gathering) -> None:
    """Only the name service's true word counts: silence, failure and forgery are not 'does not exist'."""
    servers = (await gathering.part(Delegation)).servers
    if servers.lookup is Lookup.NO_NAME and servers.alias is None and not servers.bogus:
        raise UnusableDomainError("no-such-domain", gathering.domain)


async def _run(check: Check, gathering: Gathering) -> list[Finding]:
    """The findings of one check; a fault of ours becomes an `unknown` that says so, and is logged."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            parts: list[object] = await asyncio.gather(*(gathering.part(kind) for kind in check.needs))
        evidence = Evidence(gathering.domain, dict(zip(check.needs, parts, strict=True)))
        findings = [to_finding(check.id, verdict) for verdict in check.judge(evidence)]
        return [_with_memory(finding, gathering.network) for finding in findings]
    except TimeoutError:
        log.warning("%s: gathering took over %s s", check.id, DEADLINE_S)
        return [to_finding(check.id, Verdict(contract.CONNECTION_TIMEOUT, gathering.domain))]
    except Exception:
        log.exception("%s: our own fault", check.id)
        return [to_finding(check.id, Verdict(contract.OUR_ERROR, gathering.domain))]


def _with_memory(finding: Finding, network: Network) -> Finding:
    """Notes until when the old records may still be seen: whoever mends them must not take that for a failure."""
    records = finding.fix.records if finding.fix else ()
    times = filter(None, (network.kept_until(record.name, record.type) for record in records))
    last = max(times, default=None)
    return replace(finding, evidence={**finding.evidence, KEPT_UNTIL: moment(last)}) if last else finding


def to_finding(check_id: str, verdict: Verdict) -> Finding:
    """A verdict with the gravity and the fix that its card gives it; only a fault has either."""
    severity, fix = Severity.INFO, None
    if verdict.outcome.status is Status.FAIL:
        entry = advice.card(check_id).outcome(verdict.outcome.name)
        severity = entry.severity
        fix = Fix(entry.fix, verdict.records, verdict.snippets) if entry.fix else None
    return Finding(
        id=check_id,
        status=verdict.outcome.status,
        severity=severity,
        subject=verdict.subject,
        outcome=verdict.outcome.name,
        evidence=dict(verdict.facts),
        fix=fix,
    )
