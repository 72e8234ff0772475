"""One inspection for a command, from the first question to the document."""

import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

from checks.contract import Finding, Json
from checks.errors import UnusableDomainError
from checks.evidence.lookups import Vantage
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.inspection import inspect, look_around
from checks.limits import limits_of
from checks.registry import ALL_CHECKS, CATALOGUE_VERSION
from checks.request import Request
from portal.assessments.inspected import Inspected
from portal.commands.check_input import unusable

_PLACES = {check.id: place for place, check in enumerate(ALL_CHECKS)}


async def inspect_domain(
    request: Request,
    network: Network,
    language: str,
    tell: Callable[[Finding], Awaitable[None]],
    begun: Gathering | None = None,
) -> tuple[Inspected, Vantage]:
    """Inspects, telling each finding as it comes; those in the result are in the order of the registry.

    Returns the check that ran to its end, and from where it looked.

    `begun` is as for `checks.inspection.inspect`.

    Raises:
        UsageError: `no-such-domain` or `opted-out`.
    """
    began = begun.began if begun else time.monotonic()
    found: list[Finding] = []
    try:
        async with aclosing(inspect(request, network, begun=begun)) as findings:
            async for finding in findings:
                found.append(finding)
                await tell(finding)
        vantage = await look_around(request.domain, network)
    except UnusableDomainError as error:
        raise unusable(error, language) from error
    duration_s = time.monotonic() - began
    inspected = Inspected(
        domain=request.domain,
        started_at=datetime.now(UTC) - timedelta(seconds=duration_s),
        duration_s=duration_s,
        catalogue_version=CATALOGUE_VERSION,
        findings=_ranked(found),
        resolvers=vantage.resolvers,
        limits=limits_of(vantage, found),
    )
    return inspected, vantage


def _ranked(findings: list[Finding]) -> tuple[Finding, ...]:
    """In the order of the registry, so that two documents about a domain can be compared line by line."""
    return tuple(sorted(findings, key=lambda finding: (_PLACES[finding.id], finding.subject)))


def as_document(inspected: Inspected, language: str) -> dict[str, Json]:
    """The whole inspection, as `checks/schema.json` describes it."""
    from checks.document import document  # noqa: PLC0415 - start-up: after the last answer

    return document(
        inspected.domain,
        inspected.findings,
        started_at=inspected.started_at,
        duration_s=inspected.duration_s,
        catalogue_version=inspected.catalogue_version,
        language=language,
    )
