"""Every sentence of the interface is there in every language; dates and numbers are as readers write them."""

import importlib.util
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from portal.i18n import local_moment, local_number, local_time, preferred, translator

ROOT = Path(__file__).resolve().parents[2]
HELSINKI = ZoneInfo("Europe/Helsinki")


def _extracted() -> Catalog:
    spec = importlib.util.spec_from_file_location("words", ROOT / "tools" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    words = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(words)
    found: Catalog = words.extracted()
    return found


def _catalogue(language: str) -> Catalog:
    with (ROOT / "src" / "portal" / "locale" / language / "LC_MESSAGES" / "portal.po").open("rb") as file:
        return read_po(file, locale=language)


def _texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _sources(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_catalogue_holds_exactly_the_sentences_of_code_and_templates(language: str) -> None:
    wanted = {str(message.id) for message in _extracted() if message.id}
    kept = {str(message.id) for message in _catalogue(language) if message.id}
    assert (wanted - kept, kept - wanted) == (set(), set()), "run tools/words.py"


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_sentence_is_translated_and_none_is_a_guess(language: str) -> None:
    messages = [message for message in _catalogue(language) if message.id]
    assert [message.id for message in messages if message.fuzzy or not all(_texts(message))] == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_translations_name_what_the_sentence_names(language: str) -> None:
    def named(texts: list[str]) -> set[str]:
        return {name for text in texts for name in re.findall(r"%\((\w+)\)s", text)}

    wrong = [message.id for message in _catalogue(language) if named(_texts(message)) != named(_sources(message))]
    assert wrong == []


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError):
        translator("de")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("sv-FI,sv;q=0.9,en;q=0.8", "sv"),
        ("de, en-US;q=0.7", "en"),
        ("en;q=0.1, fi;q=0.5", "fi"),
        ("EN", "en"),
        ("de", "fi"),
        ("", "fi"),
        ("sv;q=0", "fi"),
        ("sv;q=much", "fi"),
        ("," * 5000 + "sv", "fi"),
    ],
)
def test_the_browser_s_wish_chooses_the_language(header: str, language: str) -> None:
    assert preferred(header) == language


@pytest.mark.parametrize(
    ("language", "hour", "shown"),
    [
        ("fi", 12, "23.11.2026 klo 14.30"),
        ("sv", 12, "23.11.2026 kl. 14.30"),
        ("en", 12, "23 November 2026, 2:30 pm"),
        ("en", 10, "23 November 2026, 12:30 pm"),
        ("en", 22, "24 November 2026, 12:30 am"),
    ],
)
def test_times_are_written_as_readers_write_them(language: str, hour: int, shown: str) -> None:
    assert local_time(datetime(2026, 11, 23, hour, 30, tzinfo=UTC), language, HELSINKI) == shown


@pytest.mark.parametrize(
    ("value", "language", "shown"), [(42.6, "fi", "42,6"), (42.6, "en", "42.6"), (100.0, "sv", "100")]
)
def test_scores_are_written_as_readers_write_them(value: float, language: str, shown: str) -> None:
    assert local_number(value, language) == shown


@pytest.mark.parametrize(
    ("zone", "language", "begins", "shown"),
    [
        ("Europe/Helsinki", "fi", False, "14.1.2027 klo 24.00 (Helsinki, UTC+2)"),
        ("Europe/Helsinki", "sv", False, "14.1.2027 kl. 24.00 (Helsingfors, UTC+2)"),
        ("Europe/Helsinki", "en", False, "14 January 2027, 24:00 (Helsinki, UTC+2)"),
        ("Europe/Helsinki", "fi", True, "15.1.2027 klo 0.00 (Helsinki, UTC+2)"),
        ("America/New_York", "en", False, "14 January 2027, 17:00 (New York, UTC\N{MINUS SIGN}5)"),
        ("Asia/Kolkata", "en", False, "15 January 2027, 03:30 (Kolkata, UTC+5:30)"),
        ("UTC", "sv", True, "14.1.2027 kl. 22.00 (UTC)"),
    ],
)
def test_a_deadline_is_mistaken_by_nobody(zone: str, language: str, begins: bool, shown: str) -> None:  # noqa: FBT001
    when = datetime(2027, 1, 14, 22, tzinfo=UTC)
    assert local_moment(when, language, ZoneInfo(zone), begins=begins) == shown
