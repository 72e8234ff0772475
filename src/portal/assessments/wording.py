"""What a report says in the interface's words around the cards: time, price, doer, topic, sign and verdict."""

from collections import Counter
from gettext import NullTranslations

from checks.contract import Status
from checks.priority import Care
from checks.score import Score
from portal.assessments.outline import Item, Outline, Sign
from portal.assessments.sheets.result import Band, NoPlan, Result, band
from portal.i18n import local_number, translator

_HOUR = 60


class Wording:
    """The words of one language, `fi`, `sv` or `en`. `for_others`: the reader is not the firm."""

    def __init__(self, language: str, *, for_others: bool = False) -> None:
        self.language, self._for_others = language, for_others
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

    def budget(self, euro: int) -> str:
        """What somebody would spend: `€0`, `€200`."""
        return self._words.gettext("€%(amount)s") % {"amount": euro}

    def price(self, euro: float) -> str:
        """What something costs: `€240`, `€49.90`; with a decimal comma in Finnish and Swedish."""
        text = f"{euro:.2f}".removesuffix(".00")
        shown = text if self.language == "en" else text.replace(".", ",")
        return self._words.gettext("€%(amount)s") % {"amount": shown}

    def doer(self, who: str) -> str:
        """Who does a fix, one of `checks.advice.DOERS`."""
        tell = self._words.gettext
        if self._for_others:
            return {
                "owner": tell("The firm itself"),
                "it-provider": tell("The firm's IT provider"),
                "dns-host": tell("The firm's DNS host (keeps the domain's settings)"),
                "registrar": tell("The firm's registrar (sold the domain)"),
                "web-host": tell("The firm's web host (keeps the website)"),
            }[who]
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
        if self._for_others:
            return {
                Care.YOURS: tell("In the firm's own hands"),
                Care.PROVIDERS: tell("For the firm's provider"),
                Care.MAY_BE_LEFT: tell("Safe to leave"),
            }[care]
        return {
            Care.YOURS: tell("In your own hands"),
            Care.PROVIDERS: tell("Ask your provider"),
            Care.MAY_BE_LEFT: tell("Safe to leave"),
        }[care]

    def cares(self, *outlines: Outline) -> str:
        """How much of what there is to do is whose: `In your own hands: 3 · Ask your provider: 1`."""
        of_each = Counter(step.care for outline in outlines for step in outline.steps)
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
            Sign.NOT_YOURS: tell("Does not apply now") if self._for_others else tell("Does not apply to you now"),
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

    def verdict(self, *outlines: Outline) -> str:
        """The one sentence on top of one or several domains' results: how many things to mend, and how soon."""
        steps = [step for outline in outlines for step in outline.steps]
        urgent = sum(1 for step in steps if step.lead.sign is Sign.FIX_NOW)
        later = len(steps) - urgent
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
        if any(outline.fine for outline in outlines):
            return tell("Everything that we could look at is in order.")
        return tell("This time we could not tell anything.")

    def no_plan(self, why: NoPlan) -> str:
        """Why there is nothing in a plan."""
        tell = self._words.gettext
        if why is NoPlan.ALL_DONE and self._for_others:
            return tell("There is nothing left to do.")
        return {
            NoPlan.NOTHING: tell("There is nothing to plan."),
            NoPlan.LIMITS: tell("Nothing fits into this budget. Give it a little more time or money."),
            NoPlan.FIND_OUT: tell("First find out what nobody could tell yet: the questions are below."),
            NoPlan.NO_FIX: tell("We know of no fix for what is left. Ask whoever looks after your IT."),
            NoPlan.ALL_DONE: tell(
                "There is nothing left to do. Come back in half a year, or when something changes in your firm."
            ),
        }[why]

    def firm_verdict(self, result: Result) -> str:
        """The one sentence on top of what a firm's answers come to: open critical gaps before all."""
        tell, tell_many = self._words.gettext, self._words.ngettext
        if result.score is None:
            if self._for_others:
                return tell("None of the questions applies to the firm, so there is no score.")
            return tell("None of the questions applies to your firm, so there is no score.")
        count = len(result.critical_gaps) + len(result.critical_findings)
        if count:
            return tell_many(
                "One critical gap is open. It comes first.",
                "%(count)s critical gaps are open. They come first.",
                count,
            ) % {"count": count}
        count = result.may_be_open
        if count:
            return tell_many(
                "We know of no critical gap, but one may be open: nobody could tell yet.",
                "We know of no critical gap, but %(count)s may be open: nobody could tell yet.",
                count,
            ) % {"count": count}
        return {
            Band.WELL: tell("No critical gap is open. The firm is well protected.")
            if self._for_others
            else tell("No critical gap is open. Your firm is well protected."),
            Band.PARTLY: tell("No critical gap is open. Some things can be better."),
            Band.POORLY: tell("No critical gap is open, but much can be better."),
        }[band(result.score.low)]
