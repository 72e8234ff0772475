"""An entry's form: what was typed in it, what its fields are called, and why something is missing."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar.datastructures import FormMultiDict

from challenge import decks, filling
from challenge.decks import Fault
from challenge.entry import DECK
from challenge.errors import DeckError
from challenge.filling import ELIGIBLE, OWN, Lack
from challenge.terms import Terms, told
from portal.assessments import catalogue
from portal.i18n import local_number
from portal.pages.page import words

SEVERAL = ("closes", "speaks", "countries")
"""Fields in which one ticks."""
_MEGABYTE = 1024 * 1024


def typed_of(form: FormMultiDict, terms: Terms) -> dict[str, str]:
    """What stands in the form's fields, each as one text (`challenge.filling.flat`)."""
    names = ["title", "summary", "language", "price", "hours", "skills", "website", "video"]
    names += [OWN + field.id for field in filling.own_fields(terms)]
    names += [ELIGIBLE + each.id for each in terms.eligibility]
    several = {name: " ".join(sorted({str(each) for each in form.getall(name, [])})) for name in SEVERAL}
    return {name: filling.tidy(str(form.get(name, ""))) for name in names} | several


def was_of(form: FormMultiDict) -> dict[str, str]:
    """The marks of what the form showed at first; none where they make no sense."""
    try:
        return msgspec.json.decode(str(form.get("was", "")), type=dict[str, str])
    except msgspec.MsgspecError:
        return {}


def labels(terms: Terms, language: str) -> dict[str, str]:
    """What the fields are called, in the form's order."""
    tell = words(language)
    own = {OWN + each.id: told(each.name, language, terms.languages)[0] for each in filling.own_fields(terms)}
    files = {f"file-{each.id}": told(each.name, language, terms.languages)[0] for each in filling.file_fields(terms)}
    asked = {ELIGIBLE + each.id: told(each.text, language, terms.languages)[0] for each in terms.eligibility}
    return {
        "title": tell("Title"),
        "summary": tell("Summary"),
        "language": tell("Language of this entry"),
        "closes": tell("Which gaps it closes"),
        "price": tell("Price in a year for a firm of five, in euro"),
        "hours": tell("Hours of work until it runs"),
        "skills": tell("Who can set it up"),
        "speaks": tell("Languages"),
        "countries": tell("Countries"),
        "website": tell("Website"),
        "video": tell("Link to a video"),
        **own,
        f"file-{DECK}": tell("Pitch deck"),
        **files,
        **asked,
    }


def reason(lack: Lack, label: str, language: str) -> str:
    """What is missing or wrong there, with the field's name."""
    tell = words(language)
    told_of: Mapping[str, str] = {
        "empty": tell("It is empty."),
        "too-long": tell("%(num)s characters too many.") % {"num": lack.by},
        "no-number": tell("Type a number."),
        "too-small": tell("The number is too small."),
        "too-large": tell("The number is too large."),
        "no-choice": tell("Choose one."),
        "no-link": tell("Type a whole link that begins with https://."),
        "no-file": tell("The file is missing."),
        "unanswered": tell("Answer this question."),
        "not-eligible": tell("With this answer you cannot enter."),
    }
    return f"{label}: {told_of[lack.code]}"


def unread(language: str) -> str:
    """Why a number comes back."""
    tell = words(language)
    return tell("Type a number, such as 250.")


def refusal(error: DeckError, language: str) -> str:
    """Why a file is not taken."""
    tell, most = words(language), {"most": decks.MOST_PAGES}
    return {
        Fault.EMPTY: tell("Choose a file first."),
        Fault.TOO_LARGE: too_large(error.by, language),
        Fault.NO_PDF: tell("This is no plain PDF file. Export it as a PDF and send that."),
        Fault.BROKEN: tell("The file is cut off or damaged. Export it as a PDF once more."),
        Fault.ENCRYPTED: tell("The file is locked with a password. Save it without one."),
        Fault.NO_PAGES: tell("The file has no pages."),
        Fault.TOO_MANY_PAGES: tell("The file has %(by)s pages too many: at most %(most)s.") % {"by": error.by, **most},
        Fault.ACTIVE: tell("The file holds scripts, other files or things that play. Export it again as a plain PDF."),
    }[Fault(error.code)]


def too_large(by: int, language: str) -> str:
    """How much too large a file is."""
    told_of = {"by": local_number(max(by / _MEGABYTE, 0.1), language), "most": decks.LARGEST // _MEGABYTE}
    tell = words(language)
    return tell("The file is %(by)s MB too large. At most %(most)s MB are taken.") % told_of


def topics(language: str) -> list[dict[str, Any]]:
    """The gaps of the questionnaire, by topic: for each question its id and its text."""
    return [
        {
            "title": topic.title[language],
            "questions": [{"id": each.id, "text": each.text[language]} for each in topic.questions],
        }
        for topic in catalogue.current().topics
    ]


def doers(language: str) -> dict[str, str]:
    """Who sets it up, as the firm would say it."""
    tell = words(language)
    return {
        "owner": tell("The firm itself"),
        "it-provider": tell("The firm's IT provider"),
        "dns-host": tell("Whoever keeps the settings of the firm's domain"),
        "registrar": tell("Whoever sold the firm its domain"),
        "web-host": tell("Whoever keeps the firm's website"),
    }
