"""One inspection: gather, judge, yield findings as each is ready."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable

from msgspec import Struct

from checks import advice, contract
from checks.contract import NO_CONSENT, Check, Consent, Evidence, Finding, Fix, Severity, Status, Verdict
from checks.errors import UnusableDomainError
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Lookup, Vantage
from checks.evidence.optout import OptOut
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.gather.sources import SOURCES
from checks.records.host_names import is_below
from checks.registry import ALL_CHECKS

WITHIN_S = 13.0
"""When everything on the network ends, whatever the servers do; gatherers have deadlines of their own before that."""
DEADLINE_S = 14.0
"""The backstop, for each check."""

log = logging.getLogger(__name__)


class Request(Struct, frozen=True):
    """What somebody asked for: a domain in the form of `checks.names.parse_domain`, and what they allowed.

    `opted_out`: domains that the operator leaves alone because their holders asked for it, with what is under them.
    """

    domain: str
    consent: Consent = NO_CONSENT
    opted_out: tuple[str, ...] = ()


async def inspect(
    request: Request, network: Network, checks: Iterable[Check] = ALL_CHECKS
) -> AsyncGenerator[Finding, None]:
    """The findings of all checks, each as soon as it is judged; ids and subjects never repeat.

    Raises:
        UnusableDomainError: `no-such-domain` or `opted-out`, before the first finding and before any server of the
            domain is called.
    """
    if any(is_below(request.domain, end) for end in request.opted_out):
        raise UnusableDomainError("opted-out", request.domain)
    gathering = Gathering(request.domain, network, SOURCES, request.consent)
    network.limit(WITHIN_S)
    network.hold()
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
    gathering.network.release()


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
        return [to_finding(check.id, verdict) for verdict in check.judge(evidence)]
    except TimeoutError:
        log.warning("%s: gathering took over %s s", check.id, DEADLINE_S)
        return [to_finding(check.id, Verdict(contract.CONNECTION_TIMEOUT, gathering.domain))]
    except Exception:
        log.exception("%s: our own fault", check.id)
        return [to_finding(check.id, Verdict(contract.OUR_ERROR, gathering.domain))]


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
