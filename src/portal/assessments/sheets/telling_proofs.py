"""What became of the fixes that were ticked done, in words: for page, report and exports."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from checks import advice
from checks.languages import local_date
from checks.names import display_name
from checks.registry import ALL_CHECKS
from portal.assessments.catalogue import Catalogue
from portal.assessments.outline import item
from portal.assessments.sheets.proofs import Look, Proof, Sight
from portal.i18n import local_time, translator
from portal.templating import ZONE

MOST = 3
"""So many different things that a check saw are told of one fix in one domain."""
_KNOWN = {check.id for check in ALL_CHECKS}
_FACT = re.compile(r"\{[a-z_]+\}")


class ToldTick(Struct, frozen=True):
    """One ticked fix in one language. `lines`: what checks say of it, a sentence or two for each domain."""

    proof: Proof
    title: str
    lines: tuple[str, ...]

    @property
    def id(self) -> str:
        """The fix's id."""
        return self.proof.fix

    @property
    def at(self) -> datetime:
        """When it was ticked; aware."""
        return self.proof.ticked_at

    @property
    def sight(self) -> Sight:
        """What is to be said of all domains together."""
        return self.proof.sight


def told_ticks(
    catalogue: Catalogue, proofs: Iterable[Proof], domains: Sequence[str], language: str
) -> tuple[ToldTick, ...]:
    """Those that today's questions or checks still have a name for, the latest last. `domains`: all of the firm's."""
    several = len(domains) > 1
    told = []
    for proof in sorted(proofs, key=lambda each: (each.ticked_at, each.fix)):
        title = _title(catalogue, proof, language)
        if title:
            lines = (_line(proof, look, language, several=several) for look in proof.looks)
            told.append(ToldTick(proof, title, tuple(lines)))
    return tuple(told)


def _title(catalogue: Catalogue, proof: Proof, language: str) -> str:
    """The name of the fix in the catalogue, or on the card of a check that had called for it; else empty."""
    if proof.fix in catalogue.fixes:
        return catalogue.fixes[proof.fix].title[language]
    cards = (advice.card(check) for check in proof.checks if check in _KNOWN)
    fixes = (card.fixes[proof.fix] for card in cards if proof.fix in card.fixes)
    subject = next((display_name(each.subject) for look in proof.looks for each in look.findings), "–")
    titles = (_FACT.sub("–", fix.title[language].replace("{subject}", subject)) for fix in fixes)
    return next(titles, "")


def _line(proof: Proof, look: Look, language: str, *, several: bool) -> str:
    tell = translator(language).gettext
    facts = {
        "day": local_date(proof.ticked_at.astimezone(ZONE), language),
        "when": local_time(look.at, language, ZONE) if look.at else "",
        "what": _saw(look, language),
    }
    still = tell("Ticked as done on %(day)s, but our check on %(when)s still found: %(what)s")
    line = {
        Sight.WAITING: tell("Our check has not looked at it since."),
        Sight.PROVEN: tell("Seen by our check on %(when)s: %(what)s"),
        Sight.OTHERWISE: tell("Our check on %(when)s no longer finds that. It says now: %(what)s"),
        Sight.UNTOLD: tell("We could not see whether it worked, when we looked on %(when)s. %(what)s"),
        Sight.DISPROVED: still
        if look.again
        else tell("Our check on %(when)s found that it is needed here too: %(what)s"),
    }[look.sight]
    told = (line % facts).strip()
    return f"{display_name(look.domain)}: {told}" if several else told


def _saw(look: Look, language: str) -> str:
    """What was seen, each sentence once."""
    told = dict.fromkeys(item(each, look.domain, language).told.headline for each in look.findings)
    return " ".join([*told][:MOST])
