"""What is said around the cards."""

import pytest
from msgspec.structs import replace

from checks.contract import Finding, Status
from checks.score import Score
from portal.assessments.outline import item, outline
from portal.assessments.wording import Wording
from tests.portal.assessments.findings import CLOSED, DOMAIN, NO_DMARC, ONE_NAME_SERVER


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([NO_DMARC, ONE_NAME_SERVER], "Yksi asia kannattaa korjata nyt, yksi muu voi odottaa."),
        ([NO_DMARC, CLOSED], "Yksi asia kannattaa korjata nyt."),
        ([ONE_NAME_SERVER], "Mikään ei ole kiireellistä. Yhtä asiaa voi parantaa."),
        ([CLOSED], "Kaikki, mitä pystyimme katsomaan, on kunnossa."),
        ([], "Tällä kertaa emme saaneet mitään selville."),
    ],
)
def test_the_verdict_says_how_much_there_is_to_do(findings: list[Finding], verdict: str) -> None:
    assert Wording("fi").verdict(outline(findings, DOMAIN, "fi")) == verdict


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "Voit hoitaa itse: 1 · Pyydä palveluntarjoajaltasi: 1"),
        ("sv", "Du kan sköta det själv: 1 · Be din leverantör: 1"),
        ("en", "In your own hands: 1 · Ask your provider: 1"),
    ],
)
def test_it_is_said_how_much_is_whose(language: str, said: str) -> None:
    findings = [NO_DMARC, ONE_NAME_SERVER, CLOSED]
    assert Wording(language).cares(outline(findings, DOMAIN, language)) == said
    assert Wording(language).cares(outline([CLOSED], DOMAIN, language)) == ""


@pytest.mark.parametrize(
    ("language", "minutes", "said"),
    [
        ("en", 1, "about 1 minute"),
        ("fi", 15, "noin 15 minuuttia"),
        ("sv", 90, "ungefär 90 minuter"),
        ("en", 120, "about 2 hours"),
    ],
)
def test_long_work_is_told_in_hours(language: str, minutes: int, said: str) -> None:
    assert Wording(language).minutes(minutes) == said


@pytest.mark.parametrize(
    ("language", "cost", "said"),
    [("fi", (0, 0), "maksuton"), ("sv", (0, 20), "0–20 €"), ("en", (15, 15), "€15"), ("en", (0, 100), "€0–100")],
)
def test_a_price_is_told_from_and_to(language: str, cost: tuple[int, int], said: str) -> None:
    assert Wording(language).euro(cost) == said


@pytest.mark.parametrize(
    ("language", "score", "said"),
    [
        ("en", Score(42.6, 71.0), "between 42.6 and 71 out of 100"),
        ("fi", Score(42.6, 71.0), "välillä 42,6–71 sadasta"),
        ("sv", Score(100.0, 100.0), "100 av 100"),
    ],
)
def test_a_score_is_an_interval_where_something_is_unknown(language: str, score: Score, said: str) -> None:
    assert Wording(language).interval(score) == said


@pytest.mark.parametrize(
    ("status", "word"),
    [(Status.INFO, "Hyvä tietää"), (Status.NOT_APPLICABLE, "Ei koske sinua nyt"), (Status.PASS, "Kunnossa")],
)
def test_what_is_good_to_know_is_not_told_as_something_that_does_not_apply(status: Status, word: str) -> None:
    assert Wording("fi").label(item(replace(CLOSED, status=status), DOMAIN, "fi")) == word
