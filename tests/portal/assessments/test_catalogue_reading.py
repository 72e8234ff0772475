"""The loader of the questionnaire: it reads what is whole, and refuses anything else with its place."""

from datetime import date
from pathlib import Path

import pytest

from portal.assessments.catalogue import DONT_KNOW, NOT_APPLICABLE, Kind
from portal.assessments.catalogue.digest import digest
from portal.assessments.catalogue.reading import read
from portal.errors import CatalogueError

VERSION = """
version = "1"
topics = ["doors"]
dont-know = { en = "I don't know", fi = "En tiedä", sv = "Vet inte" }
not-applicable = { en = "Not us", fi = "Ei koske", sv = "Inte vi" }
"""
PROFILE = """
[[questions]]
id = "country"
text = { en = "Where?", fi = "Missä?", sv = "Var?" }
help = { en = "Where you work.", fi = "Missä toimit.", sv = "Var du arbetar." }
answers = [
  { id = "fi", text = { en = "Finland", fi = "Suomi", sv = "I Finland" } },
  { id = "us-ny", text = { en = "New York", fi = "New Yorkissa", sv = "I New York" } },
]
"""
DOORS = """
title = { en = "Doors", fi = "Ovet", sv = "Dörrar" }

[[questions]]
id = "lock"
weight = 5
critical = true
gap = { en = "It is open.", fi = "Se on auki.", sv = "Den är öppen." }
not_applicable = true
shown_if = { country = ["fi"] }
text = { en = "Locked?", fi = "Lukossa?", sv = "Låst?" }
help = { en = "The door.", fi = "Ovi.", sv = "Dörren." }
ask = { en = "Is it?", fi = "Onko?", sv = "Är den?" }
answers = [
  { id = "open", value = 0, text = { en = "No", fi = "Ei", sv = "Nej" } },
  { id = "half", value = 0.5, text = { en = "Half", fi = "Osin", sv = "Delvis" } },
  { id = "shut", value = 1, text = { en = "Yes", fi = "On", sv = "Ja" } },
]

[[questions.satisfies]]
framework = "din-27076"
id = "08"
answer = "shut"
why = { en = "It is.", fi = "Se on.", sv = "Den är." }

[[questions.seen]]
check = "ports.telnet"
outcomes = ["open"]
answer = "open"
doubts = ["shut"]
text = { en = "Seen.", fi = "Nähty.", sv = "Sett." }

[[fixes]]
id = "lock-it"
cost_eur = [0, 20]
minutes = 10
who = "owner"
lifts = { lock = 1 }
requires = ["buy-lock"]
same_as = ["close-telnet"]
title = { en = "Lock", fi = "Lukitse", sv = "Lås" }
steps = { en = ["Turn."], fi = ["Käännä."], sv = ["Vrid."] }
stops = { en = "Thieves.", fi = "Varkaat.", sv = "Tjuvar." }
verify = { en = "Pull.", fi = "Vedä.", sv = "Dra." }

[[fixes.local]]
country = "fi"
source = "https://kyberkunto.example.fi/"
title = "Lukot"
seen = 2026-11-23
text = { en = "Here.", fi = "Täällä.", sv = "Här." }

[[fixes]]
id = "buy-lock"
cost_eur = [20, 20]
minutes = 10
who = "it-provider"
lifts = { lock = 0.5 }
title = { en = "Buy", fi = "Osta", sv = "Köp" }
steps = { en = ["Go."], fi = ["Mene."], sv = ["Gå."] }
stops = { en = "Thieves.", fi = "Varkaat.", sv = "Tjuvar." }
verify = { en = "Look.", fi = "Katso.", sv = "Se." }
"""
FILES = {"version.toml": VERSION, "profile.toml": PROFILE, "doors.toml": DOORS}


def _written(folder: Path, **changed: str) -> Path:
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(name.partition(".")[0], text), encoding="utf-8")
    return folder


def test_a_whole_catalogue_is_read(tmp_path: Path) -> None:
    made = read(_written(tmp_path))
    (question,) = made.questions
    assert (made.version, question.topic, question.critical, question.weight) == ("1", "doors", True, 5)
    assert question.shown_if == {"country": ("fi",)}
    assert [(answer.id, answer.value) for answer in question.answers] == [
        ("open", 0.0),
        ("half", 0.5),
        ("shut", 1.0),
        (DONT_KNOW, None),
        (NOT_APPLICABLE, None),
    ]
    assert [answer.kind for answer in question.answers[3:]] == [Kind.UNKNOWN, Kind.NOT_APPLICABLE]
    assert [fix.id for fix in made.fixes_for("lock")] == ["lock-it", "buy-lock"]
    assert made.fixes["lock-it"].local[0].seen == date(2026, 11, 23)
    assert made.fixes["buy-lock"].requires == ()


def test_a_question_that_always_applies_cannot_be_left_aside(tmp_path: Path) -> None:
    made = read(_written(tmp_path, doors=DOORS.replace("not_applicable = true\n", "")))
    assert made.questions[0].answer(NOT_APPLICABLE) is None


def test_what_is_not_in_the_catalogue_is_none(tmp_path: Path) -> None:
    made = read(_written(tmp_path))
    assert made.question("window") is None
    assert made.profile_question("window") is None
    assert made.questions[0].answer("window") is None


def test_a_word_changes_the_digest_and_a_comment_does_not(tmp_path: Path) -> None:
    before = digest(read(_written(tmp_path)))
    assert digest(read(_written(tmp_path, doors=f"# a comment\n{DOORS}"))) == before
    assert digest(read(_written(tmp_path, doors=DOORS.replace("Käännä.", "Kierrä.")))) != before
    assert digest(read(_written(tmp_path, doors=DOORS.replace("value = 0.5", "value = 0.4")))) != before


@pytest.mark.parametrize(
    ("part", "old", "new", "place"),
    [
        ("version", 'topics = ["doors"]', 'topics = ["windows"]', r"windows\.toml"),
        ("version", 'topics = ["doors"]', "topics = [", r"version\.toml"),
        ("version", 'topics = ["doors"]', "", r"version\.toml: 'topics' is missing"),
        ("version", ', sv = "Vet inte"', "", "dont-know"),
        ("profile", 'id = "us-ny"', 'id = "fi"', "fi stands there twice"),
        ("profile", ', sv = "Var?"', "", "country"),
        ("profile", "help = ", "hint = ", "country: 'help' is missing"),
        ("profile", "[[questions]]", "[[question]]", r"profile\.toml: 'questions' is missing"),
        ("doors", ', sv = "Dörrar"', "", "doors"),
        ("doors", 'id = "lock"\n', "", r"doors\.toml: 'id' is missing"),
        ("doors", 'sv = "Låst?"', 'sv = " "', "lock"),
        ("doors", 'sv = "Låst?"', 'sv = "Låst?", de = "Zu?"', "lock"),
        ("doors", "weight = 5", "", "lock: 'weight' is missing"),
        ("doors", "weight = 5", "weight = 7", "lock"),
        ("doors", "value = 0,", "value = 0.1,", "lock"),
        ("doors", "value = 1,", "value = 0.9,", "lock"),
        ("doors", "value = 0.5", "value = 0", "lock"),
        ("doors", 'id = "half"', 'id = "open"', "open stands there twice"),
        ("doors", 'id = "half"', 'id = "dont-know"', "dont-know stands there twice"),
        ("doors", 'id = "lock"', 'id = "country"', "country stands there twice"),
        ("doors", 'country = ["fi"]', 'country = ["se"]', "lock: shown_if country"),
        ("doors", 'country = ["fi"]', 'lock = ["shut"]', "lock: shown_if lock"),
        ("doors", '"din-27076"', '"iso-27001"', "lock: iso-27001"),
        ("doors", 'answer = "shut"', 'answer = "ajar"', "lock: ajar"),
        ("doors", 'answer = "open"', 'answer = "ajar"', "lock: seen .*ajar"),
        ("doors", 'doubts = ["shut"]', 'doubts = ["ajar"]', "lock: seen .*ajar"),
        ("doors", 'id = "buy-lock"', 'id = "lock-it"', "lock-it stands there twice"),
        ("doors", 'requires = ["buy-lock"]', 'requires = ["find-door"]', "lock-it: requires"),
        ("doors", "lifts = { lock = 0.5 }", 'lifts = { lock = 0.5 }\nrequires = ["lock-it"]', "each waits for another"),
        ("doors", "lifts = { lock = 1 }", "lifts = { window = 1 }", "lock-it: lifts"),
        ("doors", "lifts = { lock = 1 }", "lifts = {}", "lock-it: .*nothing that it lifts"),
        ("doors", "lifts = { lock = 1 }", "", "lock-it: 'lifts' is missing"),
        ("doors", 'who = "owner"', 'who = "nobody"', "lock-it: unknown doer"),
        ("doors", 'sv = ["Vrid."]', 'sv = ["Vrid.", "Dra."]', "lock-it: .*steps that differ"),
        ("doors", ', sv = ["Vrid."]', "", "lock-it: 'sv' is missing"),
        ("doors", 'country = "fi"', 'country = "se"', "lock-it: local"),
        ("doors", 'source = "https://kyberkunto.example.fi/"', "", "lock-it: 'source' is missing"),
    ],
)
def test_what_is_incomplete_is_refused_with_its_place(
    tmp_path: Path, part: str, old: str, new: str, place: str
) -> None:
    text = FILES[f"{part}.toml"]
    assert old in text
    with pytest.raises(CatalogueError, match=place):
        read(_written(tmp_path, **{part: text.replace(old, new, 1)}))
