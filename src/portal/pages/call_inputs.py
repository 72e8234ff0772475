"""What organisers type on the short pages of a call's terms: groups of inputs for each part, as values."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from challenge.checking import LONGEST
from challenge.terms import FieldKind, PhaseKind, Terms, TieRule
from portal.i18n import NAMES
from portal.pages.page import words

Tell = Callable[[str], str]

PARTS = ("texts", "phases", "tracks", "prizes", "eligibility", "fields", "criteria", "jury", "rules")
"""In the order in which an organiser goes through them."""
LISTS = frozenset({"tracks", "eligibility", "fields", "criteria"})
"""Those that are lists, each of whose items has a page of its own."""
NEW = "new"
"""In an address, an item that is not there yet."""
MARKS = (0, 3, 5, 8, 10)
"""Those that a criterion says something about."""


class Input(Struct, frozen=True):
    """One input. `kind`: `line`, `lines`, `number`, `date`, `time`, `tick` or `choose`; `language`: of its text."""

    id: str
    label: str
    kind: str = "line"
    help: str = ""
    longest: int = 300
    language: str = ""
    options: Sequence[tuple[str, str]] = ()


class Group(Struct, frozen=True):
    """Inputs that belong together. Without a `legend` it is a group of nothing but its inputs."""

    inputs: tuple[Input, ...]
    legend: str = ""
    language: str = ""


def groups(part: str, terms: Terms, language: str) -> tuple[Group, ...]:
    """The inputs of a part, or of one item of a list."""
    tell = words(language)
    made = {
        "texts": _texts,
        "phases": _phases,
        "tracks": _tracks,
        "prizes": _prizes,
        "eligibility": _eligibility,
        "fields": _fields,
        "criteria": _criteria,
        "jury": _jury,
        "rules": _rules,
    }
    return tuple(made[part](terms, tell))


def title_of(part: str, language: str) -> str:
    """What a part is called."""
    tell = words(language)
    return {
        "texts": tell("Title and texts"),
        "phases": tell("Dates"),
        "tracks": tell("Tracks"),
        "prizes": tell("Prizes"),
        "eligibility": tell("Questions before entering"),
        "fields": tell("Questions in the entry"),
        "criteria": tell("Criteria"),
        "jury": tell("Jury and ties"),
        "rules": tell("Rules"),
    }[part]


def phase_title(kind: str, tell: Tell) -> str:
    """What a phase is called for those who plan it."""
    return {"entries": tell("Entries"), "screening": tell("Screening")}.get(
        kind, tell("Final (leave it empty if there is none)")
    )


def _spoken(codes: Iterable[str], *each: tuple[str, str, str, int, str]) -> list[Group]:
    """A group for each language. Each of `each`: id, label, kind, the most characters, help."""
    return [
        Group(
            tuple(
                Input(f"{name}-{code}", label, kind, hint, longest, code) for name, label, kind, longest, hint in each
            ),
            NAMES[code],
            code,
        )
        for code in codes
    ]


def _texts(terms: Terms, tell: Tell) -> list[Group]:
    own = terms.languages[0] if terms.languages else "fi"
    ticks = tuple(Input(f"in-{code}", name, "tick", language=code) for code, name in NAMES.items() if code != own)
    line = tell("One or two sentences for lists of calls.")
    return [
        Group(ticks, tell("Languages of the call, besides its own")),
        *_spoken(
            sorted(NAMES, key=lambda code: (code != own, code not in terms.languages)),
            ("title", tell("Title"), "line", LONGEST["title"], ""),
            ("summary", tell("In short"), "lines", LONGEST["summary"], line),
            (
                "text",
                tell("What this is about"),
                "lines",
                LONGEST["text"],
                tell("An empty line begins a new paragraph."),
            ),
        ),
    ]


def _phases(_terms: Terms, tell: Tell) -> list[Group]:
    found = []
    for kind in PhaseKind:
        inputs = (
            Input(f"{kind}-begins-day", tell("Begins on"), "date"),
            Input(f"{kind}-begins-time", tell("Begins at"), "time"),
            Input(f"{kind}-ends-day", tell("Ends on"), "date"),
            Input(f"{kind}-ends-time", tell("Ends at"), "time"),
        )
        found.append(Group(inputs, phase_title(kind, tell)))
    return found


def _tracks(terms: Terms, tell: Tell) -> list[Group]:
    return [
        *_spoken(
            terms.languages,
            ("name", tell("Name"), "line", LONGEST["name"], ""),
            ("text", tell("What winners get to do"), "lines", LONGEST["line"], ""),
        ),
        Group((Input("winners", tell("Winners at most"), "number"),)),
    ]


def _prizes(terms: Terms, tell: Tell) -> list[Group]:
    found = []
    for track in terms.tracks:
        called = track.name.get(terms.languages[0], track.id) if terms.languages else track.id
        inputs = tuple(
            Input(f"prize-{track.id}-{code}", NAMES[code], "lines", longest=LONGEST["line"], language=code)
            for code in terms.languages
        )
        found.append(Group(inputs, tell("Prize: {track}").format(track=called)))
    return found


def _eligibility(terms: Terms, tell: Tell) -> list[Group]:
    needed = (("yes", tell("Yes")), ("no", tell("No")))
    return [
        *_spoken(
            terms.languages,
            ("text", tell("Question, to be answered by yes or no"), "lines", LONGEST["line"], ""),
            ("otherwise", tell("What those are told who cannot enter"), "lines", LONGEST["line"], ""),
        ),
        Group((Input("needed", tell("To enter, the answer must be"), "choose", options=needed),)),
    ]


def _fields(terms: Terms, tell: Tell) -> list[Group]:
    kinds = {
        FieldKind.TEXT: tell("Text"),
        FieldKind.CHOICE: tell("One of several choices"),
        FieldKind.NUMBER: tell("Number"),
        FieldKind.LINK: tell("Link"),
        FieldKind.FILE: tell("PDF file"),
    }
    one_a_line = tell("Only for choices: one on each line, in the same order in each language.")
    return [
        Group(
            (Input("kind", tell("What is it?"), "choose", options=tuple((kind, kinds[kind]) for kind in FieldKind)),)
        ),
        *_spoken(
            terms.languages,
            ("name", tell("Question"), "line", LONGEST["name"], ""),
            ("help", tell("Help, if needed"), "lines", LONGEST["line"], ""),
            ("choices", tell("Choices"), "lines", 3000, one_a_line),
        ),
        Group(
            (
                Input("longest", tell("Characters at most"), "number", tell("Only for texts.")),
                Input("least", tell("Least number"), "number", tell("Only for numbers, if there is one.")),
                Input("most", tell("Greatest number"), "number", tell("Only for numbers, if there is one.")),
                Input("required", tell("An entry needs it"), "tick"),
                Input("team", tell("It tells who the team is: a jury that judges blind does not see it"), "tick"),
            )
        ),
    ]


def _criteria(terms: Terms, tell: Tell) -> list[Group]:
    marks = [
        (f"anchor-{mark}", tell("What {mark} points mean").format(mark=mark), "lines", LONGEST["line"], "")
        for mark in MARKS
    ]
    hint = tell("The shares of all criteria are made of their weights: 30 counts three times as much as 10.")
    return [
        Group((Input("weight", tell("Weight"), "number", hint),)),
        *_spoken(
            terms.languages,
            ("name", tell("Name"), "line", LONGEST["name"], ""),
            ("text", tell("The question that jurors ask themselves"), "lines", LONGEST["line"], ""),
            *marks,
        ),
    ]


def _jury(_terms: Terms, tell: Tell) -> list[Group]:
    ties = {
        TieRule.JURY: tell("The jury decides, with its reason"),
        TieRule.CRITERION: tell("The criterion that weighs most"),
        TieRule.READS: tell("More jurors have read it"),
    }
    options = (("", tell("Nothing more")), *((rule, ties[rule]) for rule in TieRule))
    home = tell("So that no city judges its own.")
    return [
        Group(
            (
                Input(
                    "grace_minutes", tell("Grace period in minutes"), "number", tell("It stands on the call's page.")
                ),
                Input("reads", tell("Jurors for each entry"), "number"),
                Input("final_reads", tell("Jurors for each finalist"), "number", tell("0: the whole jury.")),
                Input("home_city_limit", tell("Of them from the entrant's own city, at most"), "number", home),
                Input("is_blind", tell("Jurors do not see team and organisation"), "tick"),
            )
        ),
        Group(
            tuple(
                Input(f"tie-{place}", label, "choose", options=options)
                for place, label in enumerate((tell("First"), tell("Then"), tell("At last")), start=1)
            ),
            tell("What decides where scores are too close, in this order"),
        ),
    ]


def _rules(terms: Terms, tell: Tell) -> list[Group]:
    return _spoken(terms.languages, ("rules", tell("Rules"), "lines", LONGEST["rules"], tell("One rule on each line.")))
