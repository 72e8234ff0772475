import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks import advice
from checks.advice import Card, Words
from checks.contract import Finding, Fix, Json, Severity, Status
from checks.errors import CardError
from checks.languages import LANGUAGES, local_date
from checks.registry import ALL_CHECKS

CARDS = [advice.card(check.id) for check in ALL_CHECKS]
ALIKE = {"HSTS", "HTTPS"}
"""Texts that are rightly the same in another language."""

each_card = pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)


def texts_of(card: Card) -> Iterator[tuple[str, Words]]:
    """Every text of a card with its place in it."""
    yield "name", card.name
    for name, entry in card.outcomes.items():
        yield f"{name}.headline", entry.headline
        yield f"{name}.detail", entry.detail
    for name, fix in card.fixes.items():
        yield f"{name}.title", fix.title
        yield f"{name}.verify", fix.verify
        for key, words in (("caution", fix.caution), ("later", fix.later)):
            if words is not None:
                yield f"{name}.{key}", words
        for number, lines in enumerate(zip(*(fix.steps[language] for language in LANGUAGES), strict=True)):
            yield f"{name}.steps.{number}", dict(zip(LANGUAGES, lines, strict=True))


COMMON_TEXTS = [
    (f"common.{name}.{key}", words)
    for name, entry in advice.common().items()
    for key, words in (("headline", entry.headline), ("detail", entry.detail))
]
ALL_TEXTS = COMMON_TEXTS + [(f"{card.id}.{place}", words) for card in CARDS for place, words in texts_of(card)]


def facts_in(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@each_card
def test_card_names_itself(card: Card) -> None:
    assert card.id in {check.id for check in ALL_CHECKS}
    assert card.technical
    assert card.standard


@each_card
def test_every_fix_is_named_and_every_named_fix_is_there(card: Card) -> None:
    named = {entry.fix for entry in card.outcomes.values() if entry.fix is not None}
    assert named == set(card.fixes)


def test_no_two_cards_have_a_fix_of_the_same_name() -> None:
    # Findings whose fix has the same name are told as one step, with the words of one of them.
    names = [name for entry in CARDS for name in entry.fixes]
    assert len(names) == len(set(names))


@each_card
def test_fix_costs_and_lasts_something_sensible(card: Card) -> None:
    for fix in card.fixes.values():
        assert 0 <= fix.cost_eur[0] <= fix.cost_eur[1] <= 1000
        assert 0 < fix.minutes <= 480
        assert fix.who in advice.DOERS
        assert all(len(fix.steps[language]) > 0 for language in LANGUAGES)


def test_languages_name_the_same_facts() -> None:
    differing = [place for place, words in ALL_TEXTS if len({frozenset(facts_in(text)) for text in words.values()}) > 1]
    assert differing == []


def test_nothing_is_left_in_english() -> None:
    same = [
        (place, words["en"])
        for place, words in ALL_TEXTS
        if words["en"] in {words["fi"], words["sv"]} and words["en"] not in ALIKE
    ]
    assert same == []


def test_nothing_is_told_with_raised_voice_or_stray_space() -> None:
    odd = [
        (place, language)
        for place, words in ALL_TEXTS
        for language, text in words.items()
        if "!" in text or text != text.strip() or "  " in text or re.search(r"\bTODO\b", text)
    ]
    assert odd == []


def test_headlines_are_one_sentence_without_technical_words() -> None:
    technical = re.compile(r"\b(DNS|DNSSEC|SPF|DMARC|DKIM|CAA|MX|TXT|HSTS|STARTTLS|RFC|SMTP)\b")
    odd = [
        (place, language, text)
        for place, words in ALL_TEXTS
        if place.endswith(".headline")
        for language, text in words.items()
        if not text.endswith(".") or technical.search(text)
    ]
    assert odd == []


def one_server(fix: Fix | None = None, **facts: Json) -> Finding:
    return Finding("dns.ns_count", Status.FAIL, Severity.MEDIUM, "firm.fi", "only-one", facts, fix)


def test_finding_is_told_with_its_facts_filled_in() -> None:
    finding = one_server(Fix("add-name-server"), zone="firm.fi", name_servers=["a.fi"], count=1)
    told = advice.tell(finding, "firm.fi", "sv")
    assert told.detail == "Bara en namnserver berättar var firm.fi finns. Det borde finnas minst två. (NS: a.fi)"
    assert told.fix is not None
    assert (told.fix.minutes, told.fix.who, told.name) == (30, "dns-host", "Antal namnservrar")


def test_missing_fact_is_an_error_and_no_half_told_sentence() -> None:
    with pytest.raises(CardError, match="zone"):
        advice.tell(one_server(), "firm.fi", "en")


def test_braces_in_a_fact_are_not_words_of_the_card() -> None:
    finding = one_server(zone="{domain.__class__}", name_servers=["{x}"])
    assert "{domain.__class__}" in advice.tell(finding, "firm.fi", "en").detail


def test_control_characters_in_a_fact_are_shown_as_unreadable() -> None:
    finding = one_server(zone="a\x1b[31m\nb\u202ec", name_servers=[])
    assert "a\ufffd[31m\ufffdb\ufffdc" in advice.tell(finding, "firm.fi", "en").detail


def test_empty_list_in_a_fact_is_shown_as_nothing() -> None:
    assert advice.tell(one_server(zone="firm.fi", name_servers=[]), "firm.fi", "en").detail.endswith("(NS: –)")


@pytest.mark.parametrize(("language", "date"), [("en", "2 November 2026"), ("fi", "2.11.2026"), ("sv", "2.11.2026")])
def test_date_is_written_as_its_reader_writes_it(language: str, date: str) -> None:
    assert local_date(datetime(2026, 11, 2, 12, 0, tzinfo=UTC), language) == date


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_weight_is_that_of_the_gravest_outcome(card: Card) -> None:
    gravest = min((entry.severity for entry in card.outcomes.values()), key=list(Severity).index)
    assert advice.heaviest(card.id) is gravest


def test_unknown_card_is_an_error() -> None:
    with pytest.raises(CardError):
        advice.card("dns.no_such_check")


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('severity = "medium"', 'severity = "grave"'),
        ('severity = "medium"', ""),
        ('who = "dns-host"', 'who = "somebody"'),
        ("cost_eur = [0, 20]", "cost_eur = 20"),
        ("minutes = 30", ""),
        ("title.fi = ", "title.de = "),
        ('verify.sv = "', 'verify.sv = " "\nignored = "'),
        ("steps.en = [", 'steps.en = [ "One more.",'),
        ("[outcomes.only-one]", "[outcomes.only-one"),
        ('severity = "medium"', 'severity = "medium"\nmay_be_left = true'),
    ],
)
def test_malformed_card_is_an_error(good: str, bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = (Path(advice.__file__).parent / "dns" / "ns_count.toml").read_text()
    assert good in source
    (tmp_path / "dns").mkdir()
    (tmp_path / "dns" / "spoilt.toml").write_text(source.replace(good, bad, 1))
    monkeypatch.setattr(advice, "_HERE", tmp_path)
    with pytest.raises(CardError, match="spoilt"):
        advice.card("dns.spoilt")


def test_unknown_outcome_is_an_error() -> None:
    with pytest.raises(CardError, match="never"):
        advice.card("dns.ns_count").outcome("never")
