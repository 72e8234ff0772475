"""What strangers wrote into their records, in letters: one line each, all of it, and nothing of it in the head."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from checks import document
from checks.names import display_name
from portal import settings
from portal.i18n import NAMES
from portal.mail import delivery, message
from portal.mail.message import plain
from portal.mail.service import written
from portal.mail.tables import Kind, Letter
from portal.watching import telling
from portal.watching.tables import Notice, Watch, Watcher
from tests.conftest import SOAK
from tests.hostile_texts import hostile_texts
from tests.portal.assessments.findings import DOMAIN
from tests.portal.exports.taking import hostile
from tests.portal.mail.conftest import MAIL_FROM, PUBLIC_URL, mail_settings
from tests.portal.mail.post_office import ADDRESS, PostOffice

COUNT = 2000 if SOAK else 12
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
LINK = f"{PUBLIC_URL}/en/w/secret-token"
HARMLESS = "kahvila"

pytestmark = pytest.mark.soak


def whole(text: str) -> str:
    """What no letter's text can hold, halves of letters, as the parsers of our gatherers and of JSON hand it on."""
    return text.encode(errors="replace").decode()


def letter_with(text: str, kind: Kind, language: str) -> EmailMessage:
    """A letter in which every value that is not ours is that text; the operator's name as well."""
    item = {"kind": "worse", "reason": "", "what": text, "whose": text, "days": 7, "day": "30 November 2026"}
    news = [item, *({**item, "kind": "ends", "what": what} for what in ("tls.expiry", "dns.domain_expiry", text))]
    told: Mapping[Kind, Mapping[str, object]] = {
        Kind.SHEET_LINK: {"link": LINK},
        Kind.SIGN_IN: {"link": LINK},
        Kind.ACCOUNT_DELETED: {},
        Kind.ACCOUNT_ENDING: {"link": LINK, "day": "30 November 2026"},
        Kind.SECOND_FACTOR: {"link": LINK, "what": "added", "factor": "passkey"},
        Kind.ENTRY_RECEIPT: {
            "link": LINK,
            "title": text,
            "team": text,
            "call": text,
            "receipt": "K7QM-2XWP-9DHT",
            "when": "23.11.2026",
            "utc": "2026-11-23 14:00:00 UTC",
            "digest": "0" * 64,
            "late": True,
        },
        Kind.EVENT: {
            "link": LINK,
            "what": "changed",
            "title": text,
            "when": text,
            "has_place": True,
            "place": text,
            "has_mentor": True,
            "mentor": text,
        },
        Kind.FEEDBACK: {"link": LINK, "title": text, "call": text},
        Kind.INVITATION: {"link": LINK, "what": "organiser", "city": text, "invited_by": text},
        Kind.JURY: {
            "link": LINK,
            "call": text,
            "declares": True,
            "left": 3,
            "until": "1 December 2026",
            "zone": "Etc/UTC",
        },
        Kind.WATCH_CONFIRM: {"link": LINK, "domain": text},
        Kind.WATCH_NEWS: {
            "link": LINK,
            "unsubscribe": f"{LINK}/unsubscribe",
            "subject": text,
            "domains": [{"name": text, "news": news}],
        },
    }
    letter = written(kind, language, ADDRESS, told[kind])
    letter.created_at = NOW
    chosen = replace(settings.read(mail_settings(25)), operator_name=text)
    raw = message.write(letter, chosen)
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return message_from_bytes(raw, policy=policy.default)


def assert_alike(found: EmailMessage, harmless: EmailMessage) -> None:
    """The same head but for the subject's words, as many lines, and no letter that hides or turns."""
    assert found.defects == []
    assert found.keys() == harmless.keys()
    assert {name: str(text) for name, text in found.items() if name not in {"Subject", "Message-ID"}} == {
        name: str(text) for name, text in harmless.items() if name not in {"Subject", "Message-ID"}
    }
    assert (found.get_content_type(), found.is_multipart()) == ("text/plain", False)
    body, usual = found.get_content(), harmless.get_content()
    assert len(body.splitlines()) == len(usual.splitlines())
    assert not {unicodedata.category(sign)[0] for sign in body.replace("\r\n", "").replace("\n", "")} & {"C"}
    assert not {unicodedata.category(sign)[0] for sign in str(found["Subject"])} & {"C"}


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("kind", Kind)
def test_letter_holds_the_whole_text_on_lines_of_its_own(kind: Kind, language: str) -> None:
    harmless = letter_with(HARMLESS, kind, language)
    for text in hostile_texts(COUNT):
        found = letter_with(text, kind, language)
        assert_alike(found, harmless)
        assert found.get_content().count(whole(plain(text))) >= harmless.get_content().count(HARMLESS), ascii(text)[:80]
        if kind in {Kind.WATCH_CONFIRM, Kind.WATCH_NEWS}:
            assert whole(plain(text)) in str(found["Subject"])


async def news_of(text: str, office: PostOffice) -> EmailMessage:
    """The letter about a domain with that text in its findings, from the rows to a mail server."""
    watcher = Watcher(token="secret", address=ADDRESS, address_hash="x", language="en")
    await watcher.save()
    watch = Watch(watcher=watcher.id, domain=DOMAIN, language="en", confirmed_at=NOW)
    await watch.save()
    worse = {"finding": document.encode(hostile(text))}
    ends = {"id": "tls.expiry", "subject": text}
    for kind, about in (("worse", worse), ("ends-7", ends)):
        moment = NOW + timedelta(days=7)
        await Notice(watch=watch.id, kind=kind, thing=kind, moment=moment, about=json.dumps(about)).save()
    await telling.tell_all(NOW)
    for row in await Letter.select(Letter.id):
        await delivery.deliver(row["id"])
    for table in (Letter, Notice, Watch, Watcher):
        await table.delete(force=True)
    [(recipient, found)] = office.taken
    office.taken.clear()
    assert recipient == ADDRESS
    return found


async def test_news_of_hostile_findings_arrives_whole(office: PostOffice) -> None:
    harmless = await news_of(HARMLESS, office)
    assert str(harmless["From"]) == f"Kyberkunto <{MAIL_FROM}>"
    for text in map(whole, hostile_texts(COUNT)):
        found = await news_of(text, office)
        del found["Date"], harmless["Date"]
        assert_alike(found, harmless)
        assert found["Subject"] == harmless["Subject"]
        shown = plain(display_name(text))
        assert found.get_content().count(shown) >= 2, ascii(text)[:80]
