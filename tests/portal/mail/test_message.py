"""A letter as its reader and as a mail server see it."""

import json
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from uuid import UUID

import pytest

from portal import settings
from portal.i18n import NAMES
from portal.mail import message
from portal.mail.tables import Kind, Letter
from portal.settings import Settings
from tests.portal.mail.post_office import ADDRESS

LINK = "https://kyberkunto.example.org/{}/q/token-of-32-characters-and-more-x"
CHOSEN = {
    "KYBERKUNTO_SMTP_URL": "smtps://mail.example.org",
    "KYBERKUNTO_MAIL_FROM": "noreply@example.org",
    "KYBERKUNTO_PUBLIC_URL": "https://kyberkunto.example.org",
    "KYBERKUNTO_OPERATOR_NAME": "Esimerkin kaupunki",
    "KYBERKUNTO_OPERATOR_CONTACT": "kyberkunto@example.org",
}
TEXTS = {
    "fi": (
        "Linkki vastauksiisi Kyberkunnossa",
        """\
Tämän viestin lähetti Kyberkunto (Esimerkin kaupunki), koska joku kirjoitti palveluun sähköpostiosoitteesi saadakseen \
linkin vastauksiinsa.

Tästä voit jatkaa kysymyksiä:
https://kyberkunto.example.org/fi/q/token-of-32-characters-and-more-x

Se, jolla linkki on, näkee vastaukset ja voi muuttaa niitä, joten anna se vain niille, joihin luotat.

Jos se et ollut sinä, sinun ei tarvitse tehdä mitään: emme säilytä osoitettasi.

Viesti lähetettiin automaattisesti. Yhteystieto: kyberkunto@example.org
""",
    ),
    "sv": (
        "Länken till dina svar på Kyberkunto",
        """\
Det här meddelandet skickades av Kyberkunto (Esimerkin kaupunki), eftersom någon skrev in din e-postadress där för att \
få länken till sina svar.

Här kan du fortsätta med frågorna:
https://kyberkunto.example.org/sv/q/token-of-32-characters-and-more-x

Den som har länken ser svaren och kan ändra dem, så ge den bara till dem du litar på.

Om det inte var du behöver du inte göra något: vi sparar inte din adress.

Meddelandet skickades automatiskt. Kontakt: kyberkunto@example.org
""",
    ),
    "en": (
        "The link to your answers on Kyberkunto",
        """\
This letter was sent by Kyberkunto (Esimerkin kaupunki), because somebody typed your mail address there to get the \
link to their answers.

Here you can go on with the questions:
https://kyberkunto.example.org/en/q/token-of-32-characters-and-more-x

Whoever has the link sees the answers and can change them, so give it only to those you trust.

If it was not you, you need not do anything: we do not keep your address.

This letter was sent automatically. Contact: kyberkunto@example.org
""",
    ),
}


def chosen(**more: str) -> Settings:
    return settings.read({**CHOSEN, **{f"KYBERKUNTO_{name}": text for name, text in more.items()}})


def letter(language: str = "en", link: str = "", recipient: str = ADDRESS) -> Letter:
    return Letter(
        id=UUID("01234567-89ab-4def-8123-456789abcdef"),
        kind=Kind.SHEET_LINK.value,
        language=language,
        recipient=recipient,
        about=f'{{"link": "{link or LINK.format(language)}"}}',
        created_at=datetime(2026, 11, 23, 12, 30, tzinfo=UTC),
    )


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def text_of(letter: EmailMessage) -> str:
    text: str = letter.get_content()
    return text.replace("\r\n", "\n")


def addresses(header: AddressHeader) -> list[tuple[str, str]]:
    return [(each.display_name, each.addr_spec) for each in header.addresses]


@pytest.mark.parametrize("language", NAMES)
def test_letter_reads_as_its_language(language: str) -> None:
    found = read(message.write(letter(language), chosen()))
    assert (found["Subject"], text_of(found)) == TEXTS[language]
    assert found["Content-Language"] == language


@pytest.mark.parametrize("language", NAMES)
def test_letter_has_one_link_and_nothing_to_fetch(language: str) -> None:
    found = read(message.write(letter(language), chosen(OPERATOR_CONTACT="https://example.org/contact")))
    assert re.findall(r"https?://\S+", text_of(found)) == [LINK.format(language)]
    assert (found.get_content_type(), found.is_multipart()) == ("text/plain", False)
    assert "<" not in text_of(found)


def test_letter_says_who_sent_it_and_why_in_its_first_line() -> None:
    first = text_of(read(message.write(letter(), chosen()))).splitlines()[0]
    assert "Kyberkunto (Esimerkin kaupunki)" in first
    assert "somebody typed your mail address" in first


def test_letter_without_operator_still_has_a_sender() -> None:
    found = read(message.write(letter(), chosen(OPERATOR_NAME="", OPERATOR_CONTACT="")))
    assert text_of(found).startswith("This letter was sent by Kyberkunto, because")
    assert text_of(found).endswith("This letter was sent automatically.\n")


def test_headers_are_what_the_standards_want() -> None:
    found = read(message.write(letter(), chosen()))
    assert addresses(found["From"]) == [("Kyberkunto", "noreply@example.org")]
    assert addresses(found["To"]) == [("", ADDRESS)]
    assert found["Date"].datetime == datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    assert found["Message-ID"] == "<01234567-89ab-4def-8123-456789abcdef@kyberkunto.example.org>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["MIME-Version"] == "1.0"
    assert found.get_content_charset() == "utf-8"
    assert len(found.keys()) == 10  # these, and the two that say how the text is written
    assert found.defects == []


def test_letter_can_travel_by_the_oldest_servers() -> None:
    raw = message.write(letter("fi"), chosen())
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


def test_address_that_ends_letters_stands_in_one_piece_however_long_it_is() -> None:
    address = f"https://kyberkunto.{'pitka-nimi.' * 12}example.org/fi/w/{'t' * 32}/unsubscribe"
    about = {"link": LINK.format("fi"), "unsubscribe": address, "subject": "kahvila.test", "domains": []}
    row = letter("fi")
    row.kind, row.about = Kind.WATCH_NEWS.value, json.dumps(about)
    head = message.write(row, chosen()).partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert f"List-Unsubscribe: <{address}>".encode() in head
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head


def test_letter_written_again_is_the_same() -> None:
    assert message.write(letter(), chosen()) == message.write(letter(), chosen())


@pytest.mark.parametrize(
    "name",
    [
        "City\r\nBcc: berta@kahvila.test",
        "City\n\nhttps://evil.test/",
        "City\u2028Subject: other",
        "City \u202egnihsihp\u202c",
        "City\u200f\u2066\u200b",
        "C" * 10_000,
    ],
)
def test_hostile_text_stays_one_short_line_of_the_body(name: str) -> None:
    found = read(message.write(letter(), chosen(OPERATOR_NAME=name)))
    text = text_of(found)
    assert len(text.splitlines()) == len(TEXTS["en"][1].splitlines())
    assert len(text) < 1100
    assert not set(text) & set("\r\u2028\u202e\u202c\u200f\u2066\u200b")
    assert "Bcc" not in found
    assert found["Subject"] == TEXTS["en"][0]


@pytest.mark.parametrize("recipient", ["anna@kahvila.test\r\nBcc: b@kahvila.test", "anna@kahvila.test, b@kahvila.test"])
def test_address_that_could_not_have_been_taken_writes_no_letter(recipient: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        message.write(letter(recipient=recipient), chosen())
