"""The exports' own words in one language: what a date is called, and what stands above a column."""

from gettext import NullTranslations

from checks.contract import Record
from checks.names import display_name
from portal.assessments.report.dates import Kind
from portal.assessments.report.input import ReportInput
from portal.i18n import translator


class Naming:
    """The words in `fi`, `sv` or `en`."""

    def __init__(self, language: str) -> None:
        self._words: NullTranslations = translator(language)

    def calendar(self, report: ReportInput) -> str:
        """What a calendar of these dates is called."""
        names = ", ".join(display_name(each.domain) for each in report.inspected)
        return f"Kyberkunto: {names}" if names else "Kyberkunto"

    def date(self, kind: Kind, name: str) -> str:
        """What happens on the day; `name` is whose it is."""
        tell = self._words.gettext
        return {
            Kind.CERTIFICATE: tell("The certificate of %(name)s ends"),
            Kind.MAIL_CERTIFICATE: tell("The certificate of the mail server %(name)s ends"),
            Kind.DOMAIN: tell("The registration of %(name)s ends"),
            Kind.SIGNATURES: tell("The signature of %(name)s ends"),
            Kind.SECURITY_TXT: tell("The security contact on %(name)s runs out"),
            Kind.CHECK_AGAIN: tell("Check %(name)s again"),
            Kind.ANSWER_AGAIN: tell("Look through your answers again"),
        }[kind] % {"name": name}

    def advice(self, kind: Kind) -> str:
        """What to do about it."""
        tell = self._words.gettext
        return {
            Kind.CERTIFICATE: tell(
                "Most certificates renew themselves some weeks before. Check the domain again to see whether this one "
                "has. If not, write to your web host."
            ),
            Kind.MAIL_CERTIFICATE: tell(
                "Most certificates renew themselves some weeks before. Check the domain again to see whether this one "
                "has. If not, write to whoever looks after your mail."
            ),
            Kind.DOMAIN: tell(
                "See whether automatic renewal is on at your registrar, and whether your payment card is still valid."
            ),
            Kind.SIGNATURES: tell(
                "Usually a machine renews it well before. Check the domain again to see whether it has. If not, write "
                "to your DNS host."
            ),
            Kind.SECURITY_TXT: tell("Ask whoever looks after your website to give the file security.txt a new date."),
            Kind.CHECK_AGAIN: tell("See what is mended by now, and whether something new has come up."),
            Kind.ANSWER_AGAIN: tell("Staff, devices and services change. Half a year is a good time to look again."),
        }[kind]

    def exactly(self, when: str) -> str:
        """The moment itself, which no day can tell."""
        return self._words.gettext("Valid until %(when)s.") % {"when": when}

    def record(self, record: Record) -> str:
        """A record to copy, and what to do with it."""
        tell = self._words.gettext
        act = {
            "add": tell("Add this record"),
            "replace": tell("Put this record in place of the present one"),
            "remove": tell("Remove this record"),
        }[record.action]
        return f"{act}\n{tell('Name')}: {record.name}\n{tell('Type')}: {record.type}\n{tell('Value')}: {record.value}"

    def titles(self) -> dict[str, str]:
        """What stands above each column, by its key."""
        tell = self._words.gettext
        return {
            "number": tell("No."),
            "domain": tell("Domain"),
            "status": tell("Status"),
            "topic": tell("Topic"),
            "check": tell("What was checked"),
            "subject": tell("Where"),
            "means": tell("What it means"),
            "why": tell("Why"),
            "do": tell("What to do"),
            "steps": tell("How"),
            "paste": tell("To copy"),
            "caution": tell("Take care"),
            "verify": tell("How you see that it is done"),
            "later": tell("After that"),
            "after": tell("Do this first"),
            "who": tell("Who"),
            "minutes": tell("Minutes"),
            "from": tell("Euro, from"),
            "to": tell("Euro, to"),
            "gain": tell("Points"),
            "closes": tell("Closes a critical gap"),
            "done": tell("Done"),
            "ends": tell("Ends"),
            "technical": tell("Technical name"),
            "evidence": tell("What was seen"),
            "seen": tell("Seen on"),
            "question": tell("Question"),
            "answer": tell("The answer"),
            "source": tell("Who says so"),
            "doubts": tell("What does not fit"),
            "day": tell("Day"),
            "what": tell("What"),
            "advice": tell("What to do then"),
        }
