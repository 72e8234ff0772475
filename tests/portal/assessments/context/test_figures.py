"""The operator's file of official figures: what is right is read, what is not is refused in one line."""

from pathlib import Path

import pytest

from portal.assessments.catalogue import current
from portal.assessments.context import figures, measures
from portal.errors import ContextError

HEAD = "measure,share_percent,size,country,sector,year,title,address,fetched"
GOOD = "logs,45.16,10+,eu,all,2024,Eurostat: ICT security,https://ec.europa.eu/eurostat,2026-11-23"


def test_measures_name_answers_of_the_questionnaire() -> None:
    for measure in measures().values():
        for name, least in measure.questions.items():
            question = current().question(name)
            assert question is not None, name
            answer = question.answer(least)
            assert answer is not None
            assert answer.value, least  # never the worst one


def test_shipped_figures_are_read_and_written_as_they_stand(tmp_path: Path) -> None:
    found = figures.read(figures.SHIPPED)
    assert {figure.country for figure in found} == {"fi", "eu"}
    assert all(figure.address.startswith("https://") and figure.fetched.year >= 2026 for figure in found)
    figures.write(tmp_path / "again.csv", found)
    assert figures.read(tmp_path / "again.csv") == found
    assert [each.name for each in tmp_path.iterdir()] == ["again.csv"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the first line must be measure,"),
        ("not a table", "the first line must be measure,"),
        (f"{HEAD}\n{GOOD}\n{GOOD}", "line 3: logs, 10+, eu, all stands there twice"),
        (f"{HEAD}\n{GOOD.replace('logs', 'luck')}", "line 2: there is no measure luck"),
        (f"{HEAD}\n{GOOD.replace('45.16', '145')}", "line 2: 145 is no share"),
        (f"{HEAD}\n{GOOD.replace('45.16', 'nan')}", "line 2: nan is no share"),
        (f"{HEAD}\n{GOOD.replace('45.16', '-5')}", "line 2: -5 is no share"),
        (f"{HEAD}\n{GOOD.replace('10+', '1-9')}", "line 2: the size 1-9 is none of"),
        (f"{HEAD}\n{GOOD.replace(',eu,', ',FI,')}", "line 2: the country FI is none of"),
        (f"{HEAD}\n{GOOD.replace(',all,', ',banks,')}", "line 2: the sector banks is none of"),
        (f"{HEAD}\n{GOOD.replace(',2024,', ',2124,')}", "line 2: no year: 2124"),
        (f"{HEAD}\n{GOOD.replace('Eurostat: ICT security', ' ')}", "line 2: the source has no title"),
        (f"{HEAD}\n{GOOD.replace('https://ec', 'javascript://ec')}", "line 2: no https address"),
        (f"{HEAD}\n{GOOD.replace('2026-11-23', 'yesterday')}", "line 2: Invalid isoformat string: 'yesterday'"),
        (f"{HEAD}\n{GOOD},more", "line 2: 9 values are wanted, 10 are there"),
        (f'{HEAD}\n"{GOOD}', "unexpected end of data"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContextError) as refused:
        figures.read(file)
    assert says in str(refused.value)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xfe")
    for name in ("picture", "nowhere", "."):
        with pytest.raises(ContextError):
            figures.read(tmp_path / name)
