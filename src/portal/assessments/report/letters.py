"""A letter for each party that has work: technical, complete, without scores, and without what others have to do."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from checks.contract import Finding, Fix, Json, Record, Snippet
from portal.assessments.report.cards import Card, for_domain

PARTIES = ("it-provider", "dns-host", "registrar", "web-host")
_OF_A_DOMAIN = {"dns-host", "registrar", "web-host"}
"""They serve one domain each, and another may be with somebody else."""
FACTS = 4
"""So many facts of a finding stand in a letter; the annex has all."""
USUAL = ("nginx", "apache")
"""The web servers whose lines stand in letters and on printed cards; those of the others stand in the annex."""


Seen = tuple[tuple[str, ...], tuple[tuple[str, Json], ...]]
"""Subjects of which the same was seen, and the first few facts of it, by name."""


class Change(Struct, frozen=True):
    """One record as it is and as it is to be; `present` is empty where there is none, or where we saw no more."""

    action: str
    name: str
    type: str
    present: tuple[str, ...]
    wanted: str


class Task(Struct, frozen=True):
    """One fix for one party. `number`: of its card. `seen`: facts of the evidence.

    `by_owner`: the owner can do it as well. `elsewhere`: lines for further web servers stand in the annex.
    """

    number: int
    card: Card
    changes: tuple[Change, ...]
    snippets: tuple[Snippet, ...]
    seen: tuple[Seen, ...]
    by_owner: bool
    elsewhere: bool


class Letter(Struct, frozen=True):
    """`party`: one of `PARTIES`. `domain`: the one that it is about; empty where it is about all."""

    party: str
    tasks: tuple[Task, ...]
    domain: str = ""

    @property
    def id(self) -> str:
        """What tells it from all others."""
        return f"{self.party}-{self.domain}".replace(".", "-").rstrip("-")


class Other(Struct, frozen=True):
    """Lines for a web server that is not one of `USUAL`, for the annex. `number` and `title`: of the card."""

    number: int
    title: str
    snippet: Snippet


def others(cards: Sequence[Card]) -> tuple[Other, ...]:
    """Lines for less usual web servers, once for each card, in the order of the cards."""
    return tuple(
        Other(number, card.title, snippet)
        for number, card in enumerate(cards, start=1)
        for snippet in dict.fromkeys(each for fix in _fixes(card) for each in fix.snippets)
        if not _is_usual(snippet)
    )


def letters(cards: Sequence[Card]) -> tuple[Letter, ...]:
    """In the order of `PARTIES`. What the owner can paste is technical too, so the IT provider's letter has it.

    Where there are several domains, whoever serves one gets a letter about that one alone.
    """
    of_each: dict[tuple[str, str], list[Task]] = {}
    for number, card in enumerate(cards, start=1):
        party = _party(card)
        if party in _OF_A_DOMAIN and card.domains:
            for part in card.parts:
                of_each.setdefault((party, part.domain), []).append(_task(number, for_domain(card, part)))
        elif party:
            of_each.setdefault((party, ""), []).append(_task(number, card))
    made = [Letter(party, tuple(tasks), domain) for (party, domain), tasks in of_each.items()]
    return tuple(sorted(made, key=lambda letter: PARTIES.index(letter.party)))


def _party(card: Card) -> str:
    if card.who in PARTIES:
        return card.who
    has_paste = card.step is not None and any(fix.records or fix.snippets for fix in card.step.changes)
    return "it-provider" if has_paste else ""


def _task(number: int, card: Card) -> Task:
    items = card.step.items if card.step else ()
    snippets = list(dict.fromkeys(each for fix in _fixes(card) for each in fix.snippets))
    usual = tuple(each for each in snippets if _is_usual(each))
    return Task(
        number=number,
        card=card,
        changes=tuple(dict.fromkeys(change for item in items for change in _changes(item.finding))),
        snippets=usual,
        seen=_seen([item.finding for item in items]),
        by_owner=card.who == "owner",
        elsewhere=len(usual) < len(snippets),
    )


def _seen(findings: Sequence[Finding]) -> tuple[Seen, ...]:
    alike: dict[str, tuple[list[str], tuple[tuple[str, Json], ...]]] = {}
    for finding in findings:
        facts = tuple(each for each in finding.evidence.items() if each[1] not in (None, [], ""))[:FACTS]
        alike.setdefault(repr(facts), ([], facts))[0].append(finding.subject)
    return tuple((tuple(dict.fromkeys(subjects)), facts) for subjects, facts in alike.values())


def _is_usual(snippet: Snippet) -> bool:
    return snippet.is_file or snippet.platform in USUAL


def _fixes(card: Card) -> tuple[Fix, ...]:
    return card.step.changes if card.step else ()


def _changes(finding: Finding) -> Iterable[Change]:
    for record in finding.fix.records if finding.fix else ():
        present = {"add": (), "remove": (record.value,)}.get(record.action, _present(record, finding))
        wanted = "" if record.action == "remove" else record.value
        yield Change(record.action, record.name, record.type, present, wanted)


def _present(record: Record, finding: Finding) -> tuple[str, ...]:
    """The records that are replaced, as the evidence has them: of a TXT record those of the same version tag."""
    texts = [text for name in ("record", "records", "texts") for text in _texts(finding.evidence.get(name))]
    tag = record.value.partition(";")[0].partition(" ")[0].casefold()
    if record.type == "TXT":
        texts = [text for text in texts if text.casefold().startswith(tag)]
    return tuple(dict.fromkeys(texts))


def _texts(value: Json | None) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
