"""How common something is, in words that promise no more than the figure."""

from datetime import date

import pytest

from portal.assessments.catalogue import Question, current
from portal.assessments.context import Figure
from portal.assessments.context.peers import LEAST, Peers
from portal.assessments.context.sentences import Known, told, told_of_all

CAFE = {"country": "fi", "size": "2-9", "sector": "food"}
FACTORY = {"country": "fi", "size": "10-49", "sector": "making"}


def figure(share: float, size: str = "10-49", country: str = "fi", sector: str = "all") -> Figure:
    source = ("Statistics", "https://stat.example/x", date(2026, 11, 23))
    return Figure("two-step-sign-in", share, size, country, sector, 2024, *source)


def question(name: str = "mail-mfa") -> Question:
    found = current().question(name)
    assert found is not None
    return found


def say(profile: dict[str, str], *figures: Figure, value: float = 0.0, language: str = "en") -> list[str]:
    return [each.text for each in told(question(), value, profile, Known(figures), language)]


def test_figure_of_the_own_size_is_told_as_such() -> None:
    [sentence] = say(FACTORY, figure(64), figure(80, "10+"), figure(50, "10-49", "eu"))
    assert sentence == "About two in three firms of your size in Finland used multi-factor sign-in somewhere (2024)."


def test_figure_of_the_own_trade_goes_first() -> None:
    [sentence] = say(FACTORY, figure(64), figure(26, sector="making"), figure(80, sector="food"))
    assert sentence.startswith("About one in four firms of your size and trade in Finland used ")


@pytest.mark.parametrize(
    ("size", "firms"), [("10-49", "firms with 10 to 49 people"), ("10+", "firms with at least 10 people")]
)
def test_small_firm_is_never_given_a_larger_ones_figure_unsaid(size: str, firms: str) -> None:
    for small in ("1", "2-9"):
        [sentence] = say({**CAFE, "size": small}, figure(64, size))
        assert sentence == (
            f"About two in three {firms} in Finland used multi-factor sign-in somewhere (2024). "
            "We have no figure for firms as small as yours."
        )


def test_small_firm_gets_the_figure_of_its_own_size_where_there_is_one() -> None:
    [sentence] = say(CAFE, figure(64), figure(31, "2-9"))
    assert sentence.startswith("About one in three firms of your size in Finland used ")
    assert "no figure" not in sentence


def test_middle_sized_firm_hears_whose_figure_it_is() -> None:
    [sentence] = say({**FACTORY, "size": "50-249"}, figure(64, "10-49"), figure(66, "10+"))
    assert "firms with at least 10 people in Finland" in sentence
    assert "no figure" not in sentence


def test_other_countries_figures_are_told_as_such_or_not_at_all() -> None:
    europe = figure(64, country="eu")
    assert "in the EU" in say(FACTORY, europe)[0]
    assert "in the EU" in say({**FACTORY, "country": "other"}, europe, figure(10))[0]
    assert say({**FACTORY, "country": "us-ny"}, europe, figure(10)) == []


def test_what_the_firm_has_already_is_not_told() -> None:
    assert say(FACTORY, figure(64), value=0.4) == []


def test_whoever_told_no_size_is_given_no_size() -> None:
    assert say({}, figure(64), figure(70, "10+", "eu"))[0].startswith(
        "About two in three firms with at least 10 people"
    )


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (0, "Fewer than one in ten"),
        (8, "About one in ten"),
        (14, "About one in ten"),
        (18, "About one in five"),
        (24, "About one in four"),
        (33, "About one in three"),
        (38, "About two in five"),
        (45.16, "About one in two"),
        (59.97, "About three in five"),
        (64, "About two in three"),
        (73, "About three in four"),
        (79.23, "About four in five"),
        (94, "About nine in ten"),
        (95, "More than nine in ten"),
        (100, "More than nine in ten"),
    ],
)
def test_share_is_rounded_to_the_nearest_natural_fraction(percent: float, words: str) -> None:
    assert say(FACTORY, figure(percent))[0].startswith(f"{words} firms")


def test_every_percent_is_told_within_five_points() -> None:
    parts = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "nine": 9, "ten": 10}
    for percent in range(8, 95):
        about, number, _in, of, *_ = say(FACTORY, figure(percent))[0].split()
        assert about == "About"
        assert abs(100 * parts[number] / parts[of] - percent) <= 5


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "Noin yksi neljästä oman kokoluokkasi yrityksestä Suomessa käytti "),
        ("sv", "Ungefär ett av fyra företag av din storlek i Finland använde "),
    ],
)
def test_sentence_is_told_in_every_language(language: str, sentence: str) -> None:
    assert say(FACTORY, figure(25), language=language)[0].startswith(sentence)


def peers(reached: int, not_reached: int, sector: str = "food", **others: int) -> Peers:
    counts = {("mail-mfa", "2-9", sector): {"message": reached, "some": not_reached}}
    if others:
        counts["mail-mfa", "2-9", "shop"] = others
    return Peers(counts)


def own(counted: Peers, value: float = 0.0, profile: dict[str, str] = CAFE) -> list[str]:
    return [each.text for each in told(question(), value, profile, Known(peers=counted), "en")]


def test_own_sheets_are_told_by_the_answer_that_closes_the_gap() -> None:
    best = question().answer("message")
    assert best is not None
    assert own(peers(12, 28)) == [
        f"About three in ten firms of your size that answered here chose “{best.text['en']}” or better."
    ]
    assert own(peers(12, 28), value=0.8) == []  # nobody in these counts is better than that
    assert own(peers(12, 28), profile={"country": "fi"}) == []


@pytest.mark.parametrize(
    ("reached", "not_reached"),
    [(0, 0), (0, 9), (9, 0), (9, 500), (500, 9), (LEAST - 1, LEAST), (LEAST, LEAST - 1), (0, 1000), (1000, 0)],
)
def test_too_few_sheets_on_either_side_are_not_told(reached: int, not_reached: int) -> None:
    assert own(peers(reached, not_reached)) == []


@pytest.mark.parametrize(
    ("reached", "not_reached", "words"),
    [
        (10, 10, "About one in two"),
        (10, 5000, "Fewer than one in ten"),
        (5000, 10, "More than nine in ten"),
        (15, 85, "About two in ten"),
        (14, 86, "About one in ten"),
    ],
)
def test_share_of_own_sheets_is_rounded_to_tenths(reached: int, not_reached: int, words: str) -> None:
    assert own(peers(reached, not_reached))[0].startswith(f"{words} firms of your size")


def test_trade_is_told_only_where_the_rest_of_that_size_gives_nobody_away() -> None:
    assert "of your size and trade that" in own(peers(12, 28, message=10, some=10))[0]
    few_others = own(peers(12, 28, message=2, some=1))[0]
    assert "of your size that" in few_others
    few_alike = own(peers(2, 1, message=20, some=20))[0]
    assert few_alike.startswith("About one in two firms of your size that")


def test_only_gaps_are_put_in_context() -> None:
    known = Known((figure(64),))
    assert list(told_of_all(current(), {"mail-mfa": 0, "cloud-mfa": 1}, CAFE, known, "en")) == ["mail-mfa"]
