"""Proves fixes: applies what a finding offers, as it stands, and looks again. It knows no check."""

from dataclasses import dataclass

from checks.contract import Finding, Record, Snippet, Status
from tests.farm.farm import Farm
from tests.farm.looking import look
from tests.farm.nginx_lines import served
from tests.farm.sites import Site

PLATFORM = "nginx"


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one fault: whether it passes now, and which findings that were fine before `broke` by it."""

    id: str
    outcome: str
    mended: bool
    broke: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the fix does what it says and nothing else."""
        return self.mended and not self.broke


async def prove(farm: Farm, site: Site, before: list[Finding]) -> list[Proof]:
    """One proof for each of the site's faults that offers something; afterwards the site is as it was.

    `before`: what was found as the site is.
    """
    proofs = []
    for fault in before:
        if fault.status is Status.FAIL and (_records(fault) or _lines(fault)):
            try:
                proofs.append(await _prove(farm, site, before, fault))
            finally:
                farm.restore(site)
    return proofs


async def _prove(farm: Farm, site: Site, before: list[Finding], fault: Finding) -> Proof:
    if _records(fault):
        farm.publish(site.domain, *_records(fault))
    if _lines(fault):
        assert site.web is not None
        farm.serve(site, served(site.web, _lines(fault)))
    after = {_key(one): one for one in await look(farm, site.domain, ports=bool(site.open_ports))}
    fine = {_key(one) for one in before if one.status is Status.PASS}
    broke = [f"{one.id} {one.outcome}" for key, one in after.items() if key in fine and one.status is Status.FAIL]
    now = after.get(_key(fault))
    return Proof(fault.id, fault.outcome, now is not None and now.status is Status.PASS, tuple(broke))


def _records(finding: Finding) -> tuple[Record, ...]:
    return finding.fix.records if finding.fix else ()


def _lines(finding: Finding) -> tuple[Snippet, ...]:
    snippets = finding.fix.snippets if finding.fix else ()
    return tuple(snippet for snippet in snippets if snippet.platform == PLATFORM)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.id, finding.subject
