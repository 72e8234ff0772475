"""What an entry says. Its parts that every call asks for have names; what one call asks besides is by field."""

import hashlib
from collections.abc import Mapping

import msgspec
from msgspec import Struct


class Deck(Struct, frozen=True):
    """A file as it was submitted. `digest`: SHA-256 of its bytes, hexadecimal; `size` in bytes."""

    name: str
    digest: str
    size: int
    pages: int


class Content(Struct, frozen=True):
    """An entry's content, in the language `language`.

    `closes`: ids of the questionnaire's questions (its control ids) whose gaps it closes. `price_eur`: what a firm
    of five pays in a year, in euro, VAT excluded; None while it is not said. `hours`: of work until it runs there;
    `skills`: who can do that, one of `checks.advice.DOERS`. `speaks`: languages that it is to be had in (BCP 47),
    `countries`: where it is (ISO 3166-1 alpha-2). `eligible`: by eligibility question. `fields`: by the call's own
    field, as text; of a file, its digest. `files`: the decks that it names, by field; `deck` is the pitch deck's
    own.
    """

    title: str = ""
    summary: str = ""
    language: str = "en"
    closes: tuple[str, ...] = ()
    price_eur: float | None = None
    hours: float | None = None
    skills: str = ""
    speaks: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    website: str = ""
    video: str = ""
    eligible: Mapping[str, bool] = {}
    fields: Mapping[str, str] = {}
    files: Mapping[str, Deck] = {}


DECK = "deck"
"""The pitch deck's place in `files`; a call's own file fields have theirs."""


def digest(call: str, call_version: int, track: str, content: Content) -> str:
    """SHA-256, hexadecimal, of everything that is submitted, as JSON with sorted names.

    The same for the same content.
    """
    whole = {"call": call, "version": call_version, "track": track, "content": content}
    return hashlib.sha256(msgspec.json.encode(whole, order="deterministic")).hexdigest()
