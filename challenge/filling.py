"""An entry's form: what stands in each field as text, what of it is kept, and what is still missing. Values alone."""

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from challenge.entry import DECK, Content
from challenge.terms import Eligibility, Field, FieldKind, Terms

LONGEST_TITLE = 120
LONGEST_SUMMARY = 1000
LONGEST_LINK = 300
LONGEST_KEPT = 20_000
"""Characters of a field that are kept while it is drafted, be they too many to be submitted."""
LARGEST_NUMBER = 1_000_000
OWN, ELIGIBLE = "own-", "eligible-"
"""How the names of the call's own fields and of its eligibility questions begin in the form."""

_ANSWERS = {None: "", True: "yes", False: "no"}


class Choices(Struct, frozen=True):
    """What the closed fields let choose from: codes and ids."""

    closes: Collection[str]
    skills: Collection[str]
    speaks: Collection[str]
    countries: Collection[str]
    languages: Collection[str]


class Lack(Struct, frozen=True):
    """Why an entry cannot be submitted yet: `field` of the form, and `code`.

    Codes: `empty`, `too-long` (`by` so many characters), `no-number`, `too-small`, `too-large`, `no-choice`, `no-link`,
    `no-file`, `unanswered`, `not-eligible`.
    """

    field: str
    code: str
    by: int = 0


def flat(content: Content, terms: Terms) -> dict[str, str]:
    """The content as its form's fields hold it, files apart."""
    return {
        "title": content.title,
        "summary": content.summary,
        "language": content.language,
        "closes": " ".join(content.closes),
        "price": _shown(content.price_eur),
        "hours": _shown(content.hours),
        "skills": content.skills,
        "speaks": " ".join(content.speaks),
        "countries": " ".join(content.countries),
        "website": content.website,
        "video": content.video,
        **{OWN + field.id: content.fields.get(field.id, "") for field in own_fields(terms)},
        **{ELIGIBLE + each.id: _ANSWERS[content.eligible.get(each.id)] for each in terms.eligibility},
    }


def content_of(typed: Mapping[str, str], before: Content, terms: Terms, choices: Choices) -> Content:
    """The content that the form's fields make; the files stay. What is no number or no choice counts as left open."""

    def text(field: str) -> str:
        return tidy(typed.get(field, ""))

    def several(field: str, known: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted({each for each in text(field).split() if each in known}))

    return Content(
        title=" ".join(text("title").split()),
        summary=text("summary"),
        language=text("language") if text("language") in choices.languages else before.language,
        closes=several("closes", choices.closes),
        price_eur=number(text("price")),
        hours=number(text("hours")),
        skills=text("skills") if text("skills") in choices.skills else "",
        speaks=several("speaks", choices.speaks),
        countries=several("countries", choices.countries),
        website=text("website"),
        video=text("video"),
        eligible={each.id: text(ELIGIBLE + each.id) == "yes" for each in terms.eligibility if text(ELIGIBLE + each.id)},
        fields={field.id: text(OWN + field.id) for field in own_fields(terms) if text(OWN + field.id)},
        files=before.files,
    )


def tidy(text: str) -> str:
    """A text as it is kept: lines end alike, nothing stands around it, and no sign that a database refuses."""
    return "\n".join(text.replace("\0", "").splitlines()).strip()[:LONGEST_KEPT]


def number(text: str, least: float = 0, most: float = LARGEST_NUMBER) -> float | None:
    """A number as people write it, with a comma or a point; None where it is none, or beyond these."""
    plain = re.sub(r"[\s€]", "", text).replace(",", ".")
    try:
        found = float(plain)
    except ValueError:
        return None
    return found if least <= found <= most else None


def refused(terms: Terms, eligible: Mapping[str, bool]) -> list[Eligibility]:
    """The questions whose answers keep somebody from entering, unanswered ones included."""
    return [each for each in terms.eligibility if eligible.get(each.id) is not each.needed]


def own_fields(terms: Terms) -> list[Field]:
    """The call's own fields, files apart."""
    return [field for field in terms.fields if field.kind is not FieldKind.FILE]


def file_fields(terms: Terms) -> list[Field]:
    """The call's own fields that take a file."""
    return [field for field in terms.fields if field.kind is FieldKind.FILE]


def only_asked(content: Content, terms: Terms) -> Content:
    """The content without answers to what the call does not ask any more."""
    fields = {field.id for field in terms.fields}
    return Content(
        **{name: getattr(content, name) for name in Content.__struct_fields__ if name not in _BY_NAME},
        eligible={each.id: content.eligible[each.id] for each in terms.eligibility if each.id in content.eligible},
        fields={name: text for name, text in content.fields.items() if name in fields},
        files={name: file for name, file in content.files.items() if name in fields | {DECK}},
    )


_BY_NAME = {"eligible", "fields", "files"}


def lacks(content: Content, terms: Terms) -> list[Lack]:
    """What keeps it from being submitted, in the form's order; nothing where it may be."""
    return [
        *_of_every_call(content),
        *_of_this_call(content, terms),
        *_of_files(content, terms),
        *_of_who(content, terms),
    ]


def _of_every_call(content: Content) -> Iterator[Lack]:
    yield from _text("title", content.title, LONGEST_TITLE)
    yield from _text("summary", content.summary, LONGEST_SUMMARY)
    if not content.closes:
        yield Lack("closes", "empty")
    for field, value in (("price", content.price_eur), ("hours", content.hours)):
        if value is None:
            yield Lack(field, "empty")
    for field, chosen in (("skills", content.skills), ("speaks", content.speaks), ("countries", content.countries)):
        if not chosen:
            yield Lack(field, "empty")
    if content.website and not is_link(content.website, ("http", "https")):
        yield Lack("website", "no-link")
    if content.video and not is_link(content.video):
        yield Lack("video", "no-link")


def _of_this_call(content: Content, terms: Terms) -> Iterator[Lack]:
    for field in own_fields(terms):
        text = content.fields.get(field.id, "")
        if text:
            yield from _own(field, text)
        elif field.is_required:
            yield Lack(OWN + field.id, "empty")


def _own(field: Field, text: str) -> Iterator[Lack]:
    name = OWN + field.id
    match field.kind:
        case FieldKind.TEXT:
            yield from _text(name, text, field.longest)
        case FieldKind.LINK if not is_link(text, ("http", "https")):
            yield Lack(name, "no-link")
        case FieldKind.CHOICE if text not in {choice.id for choice in field.choices}:
            yield Lack(name, "no-choice")
        case FieldKind.NUMBER:
            found = number(text, -sys.float_info.max, sys.float_info.max)
            if found is None:
                yield Lack(name, "no-number")
            elif field.least is not None and found < field.least:
                yield Lack(name, "too-small")
            elif field.most is not None and found > field.most:
                yield Lack(name, "too-large")


def _of_files(content: Content, terms: Terms) -> Iterator[Lack]:
    needed = [DECK, *(field.id for field in file_fields(terms) if field.is_required)]
    yield from (Lack(f"file-{name}", "no-file") for name in needed if name not in content.files)


def _of_who(content: Content, terms: Terms) -> Iterator[Lack]:
    for each in refused(terms, content.eligible):
        yield Lack(ELIGIBLE + each.id, "not-eligible" if each.id in content.eligible else "unanswered")


def _text(name: str, text: str, longest: int) -> Iterator[Lack]:
    if not text:
        yield Lack(name, "empty")
    elif len(text) > longest:
        yield Lack(name, "too-long", len(text) - longest)


def is_link(text: str, schemes: Collection[str] = ("https",)) -> bool:
    """Whether it is a whole address on the web, of a host with a name, and of nobody's password."""
    try:
        parts = urlsplit(text)
        host, user = parts.hostname or "", parts.username
    except ValueError:
        return False
    named = "." in host.strip(".") and user is None
    return parts.scheme in schemes and named and text.isprintable() and " " not in text and len(text) <= LONGEST_LINK


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
