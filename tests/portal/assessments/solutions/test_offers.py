"""Which awarded solutions are told, and in which order."""

from datetime import date, timedelta

import pytest

from portal.assessments.catalogue import current
from portal.assessments.solutions.offers import MOST, beside, digest, in_turn, questions_for, questions_of
from tests.portal.assessments.findings import CLOSED, NO_DMARC
from tests.portal.assessments.solutions.awarding import offer

TODAY = date(2026, 11, 23)


def test_offer_stands_until_the_day_before_it_expires() -> None:
    one = offer()
    assert one.stands(one.expires_on - timedelta(days=1))
    assert not one.stands(one.expires_on)
    assert not offer(is_withdrawn=True).stands(TODAY)


def test_what_has_expired_or_was_taken_back_is_never_beside_a_fix() -> None:
    gone = (offer("Old", expires_on=TODAY), offer("Taken back", is_withdrawn=True))
    assert beside(gone, "copy-by-itself", {"backup"}, TODAY).offers == ()
    assert beside((*gone, offer()), "copy-by-itself", {"backup"}, TODAY).offers == (offer(),)


def test_only_what_closes_a_gap_of_the_fix_is_beside_it() -> None:
    assert beside([offer("A", "wifi")], "copy-by-itself", {"backup"}, TODAY).offers == ()


@pytest.mark.parametrize(
    ("country", "language", "fits"),
    [
        ("fi", "fi", True),
        ("se", "fi", False),
        ("fi", "sv", False),
        ("", "en", True),
        ("us-ny", "en", False),
    ],
)
def test_offer_is_for_its_countries_and_languages(country: str, language: str, *, fits: bool) -> None:
    assert offer().is_for(country, language) is fits


def test_what_nobody_said_shuts_nothing_out() -> None:
    assert offer(countries=(), speaks=()).is_for("se", "sv")
    assert offer(countries=("US",), speaks=("en-US",)).is_for("us-ny", "en")


def test_at_most_a_few_are_told_and_the_rest_is_counted() -> None:
    told = beside([offer(number=number) for number in range(1, 8)], "copy-by-itself", {"backup"}, TODAY)
    assert (len(told.offers), told.more) == (MOST, 7 - MOST)


def test_order_is_the_same_all_month_whatever_order_and_words_they_come_in() -> None:
    many = [offer(number=number) for number in range(1, 8)]
    renamed = [offer(f"AAA {number}", number=number, price_eur=float(number)) for number in range(7, 0, -1)]
    first = [each.id for each in in_turn(many, "copy-by-itself", TODAY)]
    assert [each.id for each in in_turn(renamed, "copy-by-itself", date(2026, 11, 1))] == first


def test_over_months_and_fixes_everybody_comes_first_about_as_often() -> None:
    many = [offer(number=number) for number in range(1, 6)]
    months = [date(2026 + month // 12, month % 12 + 1, 1) for month in range(40)]
    firsts = [in_turn(many, fix, month)[0].id for fix in current().fixes for month in months]
    shares = [firsts.count(each.id) / len(firsts) for each in many]
    assert all(0.15 < share < 0.25 for share in shares)


def test_fix_of_a_card_is_about_what_the_same_fix_of_the_catalogue_lifts() -> None:
    assert questions_of("tighten", current().fixes) == {"mail-sender"}
    assert questions_of("copy-by-itself", current().fixes) == {"backup"}
    assert questions_of("no-such-fix", current().fixes) == frozenset()


def test_failing_finding_is_about_the_questions_that_it_answers() -> None:
    assert "mail-sender" in questions_for("no-such-fix", [NO_DMARC], current())
    assert questions_for("no-such-fix", [CLOSED], current()) == frozenset()


def test_digest_changes_with_what_is_told_and_is_empty_for_nothing() -> None:
    assert digest(()) == ""
    assert digest((offer(),)) == digest((offer(),)) != digest((offer(), offer(number=2)))
