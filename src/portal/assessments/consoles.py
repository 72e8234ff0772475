"""Whose steps a result tells: the providers that the records show, or those whom its reader chose."""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checks.contract import Finding
from checks.providers import TOPICS, Provider, Providers, all_providers, detect, offering
from portal.assessments.earlier import as_of_today
from portal.assessments.outline import Step

GENERAL = "general"
"""Chosen in the place of a provider: the steps that hold everywhere, and no console's."""
ROLES = ("dns", "mail", "web")


class Console(Struct, frozen=True):
    """Whose steps stand at one thing to do. `role`: in which somebody serves the domain.

    `seen`: whom its records show; `shown`: whose steps are told, if anybody's; `offered`: everybody who has some.
    """

    role: str
    seen: Provider | None
    shown: Provider | None
    is_chosen: bool
    offered: tuple[Provider, ...]


def is_known(name: str) -> bool:
    """Whether that can be chosen: a provider's id, or `GENERAL`."""
    return name == GENERAL or any(each.id == name for each in all_providers())


def providers_of(findings: Iterable[Finding], domain: str, chosen: Mapping[str, str]) -> Providers:
    """Whose steps are told. `chosen`: by role, what `is_known`."""
    by_id = {each.id: each for each in all_providers()}
    meant = {role: by_id.get(name) for role, name in chosen.items()}
    return replace(detect([as_of_today(finding, domain) for finding in findings]), chosen=meant)


def consoles(steps: Iterable[Step], providers: Providers) -> dict[str, Console]:
    """By the steps' slugs; nothing for what no provider tells how to do."""
    return {step.slug: _console(step.fix.console, step, providers) for step in steps if step.fix and step.fix.console}


def _console(topic: str, step: Step, providers: Providers) -> Console:
    role = TOPICS[topic]
    shown = step.fix.provider.id if step.fix and step.fix.provider else None
    offered = offering(topic)
    return Console(
        role=role,
        seen=providers.seen(topic, step.lead.finding.subject),
        shown=next((each for each in offered if each.id == shown), None),
        is_chosen=role in providers.chosen,
        offered=offered,
    )
