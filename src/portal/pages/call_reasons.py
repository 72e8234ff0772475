"""Why terms cannot be published or kept, in words, by the input that it is about."""

from collections.abc import Iterable

from challenge.checking import HEAVIEST, LONGEST_ANSWER, MOST, MOST_GRACE_MINUTES, MOST_READS, Fault
from portal.i18n import NAMES
from portal.pages.page import words


def place(fault: Fault) -> str:
    """The id of the input on its page; `main` where it is about the page as a whole."""
    if fault.part == "phases":
        return f"{fault.item}-{fault.field or 'begins'}-day"
    if fault.part == "prizes":
        return f"prize-{fault.item}-{fault.language}"
    if fault.field == "ties":
        return "tie-1"
    return f"{fault.field}-{fault.language}" if fault.field and fault.language else fault.field or "main"


def reasons(faults: Iterable[Fault], language: str) -> dict[str, str]:
    """By input, what is wrong with it."""
    found: dict[str, str] = {}
    for fault in faults:
        found.setdefault(place(fault), reason(fault, language))
    return found


def reason(fault: Fault, language: str) -> str:
    """What is wrong, in a sentence; of a text, with the language that it is about."""
    told = _told(language).get(f"{fault.part} {fault.code}") or _told(language)[fault.code]
    if fault.code == "out-of-range":
        told = _range(fault, language)
    return f"{told} ({NAMES[fault.language]})" if fault.language in NAMES else told


def _told(language: str) -> dict[str, str]:
    tell = words(language)
    return {
        "missing": tell("A text is missing."),
        "phases missing": tell("The dates are missing."),
        "too-long": tell("Make this shorter."),
        "none": tell("Add at least one."),
        "too-many": tell("There are too many. Take some out."),
        "twice": tell("The same stands there twice."),
        "reserved": tell("Give it another name: this one is taken."),
        "few-choices": tell("Give at least two choices, and at most {most}.").format(most=MOST["choices"]),
        "no-such-track": tell("There is no such track any more."),
        "no-jury": tell("The jury must be among what decides."),
        "no-number": tell("Type a whole number."),
        "no-moment": tell("Give both the date and the time. Some nights a clock leaps over an hour."),
        "no-length": tell("It must end after it begins."),
        "overlaps": tell("It begins before the former phase is over."),
        "during-grace": tell("It begins within the grace period, while entries are still taken."),
        "past": tell("This deadline has passed already."),
        "opened": tell("Entries are open: when they opened cannot change any more."),
        "earlier": tell("Entries are open: the deadline and its grace period can only move on."),
        "gone": tell("Entries are open: a track cannot be taken out any more."),
        "other-kind": tell("Entries are open: what kind of answer it takes cannot change any more."),
        "late": tell("Entries are open: what is asked now cannot be required any more."),
        "scored": tell("The jury has begun to score: this cannot change any more."),
    }


def _range(fault: Fault, language: str) -> str:
    least, most = {
        "winners": (1, 1000),
        "longest": (1, LONGEST_ANSWER),
        "weight": (1, HEAVIEST),
        "grace_minutes": (0, MOST_GRACE_MINUTES),
        "reads": (1, MOST_READS),
    }.get(fault.field, (0, MOST_READS))
    tell = words(language)
    if (fault.part, fault.field) == ("fields", "most"):
        return tell("The greatest number is smaller than the least.")
    return tell("Type a number from {least} to {most}.").format(least=least, most=most)
