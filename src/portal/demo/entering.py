"""What startups entered: drafts by the entries' own services, what was handed in before today as plain rows."""

import hashlib
import random
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from challenge import filling, merging
from challenge.entry import DECK, Content, Deck, digest
from portal.calls.service import KnownCall
from portal.demo import decks
from portal.demo.cast import Cast, as_viewer, host_of
from portal.demo.texts import Told
from portal.entries import drafting, entering, files, service
from portal.entries.entering import Entering
from portal.entries.tables import Entry, Submission, Upload

_NUMBERS = range(100, 1000)
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIRST, _LAST = timedelta(days=20), timedelta(minutes=20)
"""Before the deadline."""
_HEADINGS = {
    "fi": ("Miten se toimii", "Mikä sen osoittaa"),
    "sv": ("Så fungerar det", "Det som visar det"),
    "en": ("How it works", "What shows it"),
}


async def handed_in(call: KnownCall, told: Sequence[Told], cast: Cast) -> None:
    """Entries that were submitted in time, with their decks."""
    dice = random.Random(call.slug)  # noqa: S311 - a made-up city
    for number, each in zip(dice.sample(_NUMBERS, len(told)), told, strict=True):
        founder, deck = cast.founders[each.by], _deck(each, number)
        content = _content(call, each, deck)
        moment = call.deadline - _LAST - (_FIRST - _LAST) * dice.random()
        entry = Entry(
            call=call.id,
            organisation=founder.organisation,
            track=each.track,
            number=number,
            home=each.home,
            draft=service.kept(content),
            edits=dice.randint(4, 40),
            saved_at=moment,
            submission=1,
            shows_gallery=each.gallery,
            created_at=max(call.opens_at, moment - timedelta(days=9)),
        )
        await entry.save()
        row = Submission(
            entry=entry.id,
            number=1,
            call_version=call.version,
            content=service.kept(content),
            digest=digest(call.slug, call.version, each.track, content),
            submitted_at=moment,
            by=(await as_viewer(founder.person)).pseudonym,
            receipt=_receipt(),
            key=uuid4().hex,
        )
        await row.save()
        await _upload(entry, content.files[DECK], deck)


async def drafted(call: KnownCall, told: Sequence[Told], cast: Cast) -> None:
    """Drafts of a call that is open, as far as their teams have come."""
    for number, each in enumerate(told):
        founder = cast.founders[each.by]
        viewer = await as_viewer(founder.person)
        said = Entering(founder.organisation, each.track, each.home, _eligible(call), each.language)
        entry = await entering.enter(call, said, viewer)
        content = _content(call, each, None)
        was = merging.marks(filling.flat(entry.draft, call.terms))
        saved = await drafting.save(entry, filling.flat(content, call.terms), was)
        if each.deck:
            await files.keep(saved.entry, DECK, f"{each.by}.pdf", _deck(each, number))


def _content(call: KnownCall, each: Told, deck: bytes | None) -> Content:
    named = {} if deck is None else {DECK: _named(each, deck)}
    return Content(
        title=each.title,
        summary=each.summary,
        language=each.language,
        closes=tuple(sorted(each.closes)),
        price_eur=each.price,
        hours=each.hours,
        skills=each.skills,
        speaks=tuple(sorted(each.speaks)),
        countries=tuple(sorted(each.countries)),
        website=f"https://{host_of(each.by)}/",
        video="",
        eligible=_eligible(call),
        fields={name: text for name in ("how", "proof", "team") if (text := getattr(each, name))},
        files=named,
    )


def _eligible(call: KnownCall) -> dict[str, bool]:
    return {each.id: each.needed for each in call.terms.eligibility}


def _deck(each: Told, colour: int) -> bytes:
    how, proof = _HEADINGS[each.language]
    return decks.pdf(each.by, ((each.title, each.summary), (how, each.how), (proof, each.proof)), colour)


def _named(each: Told, deck: bytes) -> Deck:
    return Deck(f"{each.by}.pdf", hashlib.sha256(deck).hexdigest(), len(deck), decks.SLIDES)


async def _upload(entry: Entry, named: Deck, deck: bytes) -> None:
    row = Upload(entry=entry.id, field=DECK, name=named.name, digest=named.digest, size=named.size)
    row.pages, row.content, row.uploaded_at = named.pages, deck, entry.saved_at
    await row.save()


def _receipt() -> str:
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(3))
