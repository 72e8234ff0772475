"""The words of an archive's first file, in all three languages: whoever opens it need not have chosen one."""

from portal.i18n import NAMES, translator
from portal.settings import current


def readme() -> str:
    """The text of README.txt."""
    return "\n\n".join(_in(language) for language in NAMES) + "\n"


def _in(language: str) -> str:
    tell = translator(language).gettext
    chosen = current()
    lines = [
        tell("Everything that Kyberkunto keeps of you"),
        "",
        tell("account.json: you, where you are signed in, your second step, your firms, who looks after what."),
        tell("organisation-1 and so on: each firm's answers, checks and shared links, as data and as PDFs."),
        tell("The files ending in .json are for programs. Their forms are described in the service's source code."),
        tell("Secrets are not among them: nobody can sign in with these files."),
        tell("Keep them safe all the same: they say where your firm is weak."),
    ]
    if chosen.operator_contact:
        lines.append(tell("Contact: %(contact)s") % {"contact": chosen.operator_contact})
    return "\n".join(lines)
