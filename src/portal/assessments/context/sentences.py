"""How common something is, in words: "About two in three firms of your size in Finland used …"."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from portal.assessments.catalogue import Answer, Catalogue, Question
from portal.assessments.context import COUNTRIES, EUROPE, EVERY_SECTOR, SIZES, TEN_OR_MORE, Figure, Measure, measures
from portal.assessments.context.peers import Peers
from portal.i18n import translator

SMALL = ("1", "2-9")
"""Size classes that official statistics seldom ask."""
HALF = 0.5
NEARLY_NONE, NEARLY_ALL = 7.5, 95
"""Per cent below and from which no fraction is said."""
PLACES: Mapping[str, tuple[str, ...]] = {"fi": ("fi", EUROPE), "us-ny": ("us-ny",), "other": (EUROPE,)}
"""Where figures are looked for, by the firm's country: its own first. No number of Europe's is given to New York."""

Tell = Callable[[str], str]


class Told(Struct, frozen=True):
    """One sentence on how common something is. `figure` is its source; None where our own sheets were counted."""

    text: str
    figure: Figure | None


class Known(Struct, frozen=True):
    """All that there is to tell from: official figures, and the counts of our own sheets."""

    figures: tuple[Figure, ...] = ()
    peers: Peers = Peers()


def told(question: Question, value: float, profile: Mapping[str, str], known: Known, language: str) -> tuple[Told, ...]:
    """What there is to say to a firm of this profile whose answer to the question is worth `value` (0 to 1)."""
    official = _official(question, value, profile, known.figures, language)
    aim = _next_step(question, value)
    share = known.peers.share(question, aim.id, profile) if aim else None
    if aim is None or share is None:
        return official
    tell = translator(language).gettext
    text = tell("%(share)s %(firms)s that answered here chose “%(answer)s” or better.") % {
        "share": _tenths(share.tenths, tell),
        "firms": tell("firms of your size and trade") if share.of_sector else tell("firms of your size"),
        "answer": aim.text[language],
    }
    return (*official, Told(text, None))


def told_of_all(
    catalogue: Catalogue, values: Mapping[str, float], profile: Mapping[str, str], known: Known, language: str
) -> dict[str, tuple[Told, ...]]:
    """By question, for those whose value (0 to 1) is short of the best; only where there is something to say."""
    found = {}
    for question in catalogue.questions:
        value = values.get(question.id, 1.0)
        if value < 1 and (sentences := told(question, value, profile, known, language)):
            found[question.id] = sentences
    return found


def _official(
    question: Question, value: float, profile: Mapping[str, str], figures: Sequence[Figure], language: str
) -> tuple[Told, ...]:
    for measure in measures().values():
        least = question.answer(measure.questions.get(question.id, ""))
        if least is not None and least.value is not None and value < least.value:
            figure = _best([figure for figure in figures if figure.measure == measure.id], profile)
            if figure is not None:
                return (Told(_sentence(measure, figure, profile, language), figure),)
    return ()


def _sentence(measure: Measure, figure: Figure, profile: Mapping[str, str], language: str) -> str:
    tell = translator(language).gettext
    sentence = tell("%(share)s %(firms)s %(place)s %(did)s (%(year)s).") % {
        "share": _fraction(figure.share_percent, tell),
        "firms": _firms(figure, profile, tell),
        "place": _place(figure.country, tell),
        "did": measure.did[language],
        "year": figure.year,
    }
    if profile.get("size") in SMALL and figure.size not in SMALL:
        sentence += " " + tell("We have no figure for firms as small as yours.")
    return sentence


def _best(figures: Sequence[Figure], profile: Mapping[str, str]) -> Figure | None:
    """The nearest: the firm's own country, trade and size first. A larger firm's number is the last resort."""
    for country in PLACES.get(profile.get("country", "other"), (EUROPE,)):
        for sector in (profile.get("sector", EVERY_SECTOR), EVERY_SECTOR):
            for size in _sizes(profile.get("size")):
                for figure in figures:
                    if (figure.country, figure.sector, figure.size) == (country, sector, size):
                        return figure
    return None


def _sizes(own: str | None) -> tuple[str, ...]:
    """Size classes to look in, the nearest first."""
    if own is None or own not in SIZES:
        return (TEN_OR_MORE,)
    return (own, "10-49", TEN_OR_MORE) if own in SMALL else (own, TEN_OR_MORE)


def _firms(figure: Figure, profile: Mapping[str, str], tell: Tell) -> str:
    if figure.size == profile.get("size"):
        return tell("firms of your size") if figure.sector == EVERY_SECTOR else tell("firms of your size and trade")
    low, _, high = figure.size.removesuffix("+").partition("-")
    words = tell("firms with %(low)s to %(high)s people") if high else tell("firms with at least %(low)s people")
    return words % {"low": low, "high": high}


def _place(country: str, tell: Tell) -> str:
    return dict(zip(COUNTRIES, (tell("in Finland"), tell("in New York"), tell("in the EU")), strict=True))[country]


def _next_step(question: Question, value: float) -> Answer | None:
    """The least answer that is better, and at which no gap is open; None where nothing is better."""
    graded = [(answer.value, answer) for answer in question.answers if answer.value is not None]
    return next((answer for worth, answer in graded if worth > value and worth >= HALF), None)


def _fraction(percent: float, tell: Tell) -> str:
    """The nearest natural fraction; none of them is more than 5 points off."""
    if percent < NEARLY_NONE:
        return tell("Fewer than one in ten")
    if percent >= NEARLY_ALL:
        return tell("More than nine in ten")
    fractions = {
        10: tell("About one in ten"),
        20: tell("About one in five"),
        25: tell("About one in four"),
        100 / 3: tell("About one in three"),
        40: tell("About two in five"),
        50: tell("About one in two"),
        60: tell("About three in five"),
        200 / 3: tell("About two in three"),
        75: tell("About three in four"),
        80: tell("About four in five"),
        90: tell("About nine in ten"),
    }
    return fractions[min(fractions, key=lambda near: abs(near - percent))]


def _tenths(tenths: int, tell: Tell) -> str:
    return (
        tell("Fewer than one in ten"),
        tell("About one in ten"),
        tell("About two in ten"),
        tell("About three in ten"),
        tell("About four in ten"),
        tell("About one in two"),
        tell("About six in ten"),
        tell("About seven in ten"),
        tell("About eight in ten"),
        tell("About nine in ten"),
        tell("More than nine in ten"),
    )[tenths]
