"""What a report says in the interface's words around the cards: time, price, doer, topic, sign and verdict."""

from collections import Counter
from gettext import NullTranslations

from checks.contract import Status
from checks.priority import Care
from checks.score import Score
from portal.assessments.outline import Item, Outline, Sign
from portal.i18n import local_number, translator

_HOUR = 60


class Wording:
    """The words of one language, `fi`, `sv` or `en`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words: NullTranslations = translator(language)

    def minutes(self, count: int) -> str:
        """How long a fix takes: `about 15 minutes`; from two hours on in hours."""
        hours = round(count / _HOUR)
        if count >= 2 * _HOUR:
            return self._words.ngettext("about %(num)s hour", "about %(num)s hours", hours) % {"num": hours}
        return self._words.ngettext("about %(num)s minute", "about %(num)s minutes", count) % {"num": count}

    def euro(self, cost: tuple[int, int]) -> str:
        """What a fix costs, from and to: `free`, `0–20 €`, `20 €`."""
        low, high = cost
        if not high:
            return self._words.gettext("free")
        span = str(low) if low == high else f"{low}–{high}"
        return self._words.gettext("€%(amount)s") % {"amount": span}

    def doer(self, who: str) -> str:
        """Who does a fix, one of `checks.advice.DOERS`."""
        tell = self._words.gettext
        return {
            "owner": tell("You yourself"),
            "it-provider": tell("Your IT provider"),
            "dns-host": tell("Your DNS host (keeps your domain's settings)"),
            "registrar": tell("Your registrar (sold you the domain)"),
            "web-host": tell("Your web host (keeps your website)"),
        }[who]

    def care(self, care: Care) -> str:
        """Whose something is to mend, if anybody's."""
        tell = self._words.gettext
        return {
            Care.YOURS: tell("In your own hands"),
            Care.PROVIDERS: tell("Ask your provider"),
            Care.MAY_BE_LEFT: tell("Safe to leave"),
        }[care]

    def cares(self, outline: Outline) -> str:
        """How much of what there is to do is whose: `In your own hands: 3 · Ask your provider: 1`."""
        of_each = Counter(step.care for step in outline.steps)
        return " · ".join(f"{self.care(care)}: {of_each[care]}" for care in Care if of_each[care])

    def topic(self, topic: str) -> str:
        """The name of a topic: the first part of a check's id."""
        tell = self._words.gettext
        return {
            "dns": tell("Name service"),
            "mail": tell("Mail"),
            "tls": tell("Encryption"),
            "web": tell("Website"),
            "ports": tell("Doors to the internet"),
        }[topic]

    def sign(self, sign: Sign) -> str:
        """The word that always stands beside the sign."""
        tell = self._words.gettext
        return {
            Sign.FIX_NOW: tell("Fix now"),
            Sign.FIX_LATER: tell("Fix later"),
            Sign.FINE: tell("Fine"),
            Sign.UNKNOWN: tell("Could not tell"),
            Sign.NOT_YOURS: tell("Does not apply to you now"),
        }[sign]

    def label(self, item: Item) -> str:
        """The word of a finding: what is merely good to know has no fault, and is not something that does not apply."""
        if item.finding.status is Status.INFO:
            return self._words.gettext("Good to know")
        return self.sign(item.sign)

    def interval(self, score: Score) -> str:
        """The score in words: `between 42 and 71`, or one figure where nothing is unknown."""
        low, high = (local_number(value, self.language) for value in (score.low, score.high))
        if low == high:
            return self._words.gettext("%(points)s out of 100") % {"points": low}
        return self._words.gettext("between %(low)s and %(high)s out of 100") % {"low": low, "high": high}

    def verdict(self, outline: Outline) -> str:
        """The one sentence on top: how many things to mend, and how soon."""
        urgent = sum(1 for step in outline.steps if step.lead.sign is Sign.FIX_NOW)
        later = len(outline.steps) - urgent
        tell, tell_many = self._words.gettext, self._words.ngettext
        if urgent and later:
            first = tell_many("One thing needs fixing now", "%(num)s things need fixing now", urgent) % {"num": urgent}
            rest = tell_many("one more can wait.", "%(num)s more can wait.", later) % {"num": later}
            return f"{first}, {rest}"
        if urgent:
            return tell_many("One thing needs fixing now.", "%(num)s things need fixing now.", urgent) % {"num": urgent}
        if later:
            text = tell_many(
                "Nothing is urgent. One thing can be better.", "Nothing is urgent. %(num)s things can be better.", later
            )
            return text % {"num": later}
        if outline.fine:
            return tell("Everything that we could look at is in order.")
        return tell("This time we could not tell anything.")
