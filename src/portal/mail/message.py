"""A letter as bytes: plain text in the reader's language, in the form of RFC 5322, marked as sent by a machine.

The first line of a template is the subject; the text follows after an empty line. There is no HTML, nothing is
fetched when the letter is opened, and its links are the same for everybody who gets it. A letter that comes again and
again says where it can be ended, in its text and, for one click in the mail program, in its head (RFC 8058).
"""

import json
import unicodedata
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.i18n import translator
from portal.mail.tables import Letter
from portal.settings import ROOT, Settings

NAME = "Kyberkunto"
LONGEST_VALUE = 300
"""Characters of one value that a template tells."""


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that is never folded: where its only word is a long address, the library would encode it.

    No encoded word is allowed there (RFC 2047, section 5), and mail programs would find no address.
    """

    def fold(self, *, policy: Policy) -> str:
        """The header on one line; there are 998 characters (RFC 5322, section 2.1.1)."""
        return f"{self.name}: {self}{policy.linesep}"


class _Subject(UnstructuredHeader, BaseHeader):
    """A header with letters beyond ASCII is encoded as a whole.

    The library encodes word by word, and where it folds the line it loses spaces between two such words: what stands
    between encoded words does not count (RFC 2047, section 6.2).
    """

    def fold(self, *, policy: Policy) -> str:
        """The header on lines of at most 76 characters (RFC 2047, section 2)."""
        if self.isascii():
            return super().fold(policy=policy)
        coded = Header(str(self), "utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {coded}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("Subject", _Subject)
_HEADERS.map_to_type("List-Unsubscribe", _Whole)
_POLICY = SMTP.clone(header_factory=_HEADERS)


def write(letter: Letter, chosen: Settings) -> bytes:
    """The whole letter. Written again it is the same, with the same Message-ID, so that servers can tell a double."""
    about = json.loads(letter.about)
    subject, text = words(letter.kind, letter.language, about, chosen)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(NAME, addr_spec=chosen.mail_from)
    message["To"] = Address(addr_spec=letter.recipient)
    message["Subject"] = subject
    message["Date"] = letter.created_at
    message["Message-ID"] = f"<{letter.id}@{host(chosen)}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5: absence notes are not sent in answer
    if "unsubscribe" in about:
        message["List-Unsubscribe"] = f"<{about['unsubscribe']}>"  # RFC 2369, section 3.2
        if chosen.https:
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058, section 3.1: only by https
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = letter.language
    return message.as_bytes()


def words(kind: str, language: str, about: dict[str, Any], chosen: Settings) -> tuple[str, str]:
    """The subject and the text of a letter of that kind, in `fi`, `sv` or `en`."""
    told = {**_plainly(about), "sender": sender(chosen), "contact": plain(_contact(chosen))}
    template = _environment(language).get_template(f"mail/{kind}.txt")
    subject, _, text = template.render(told).partition("\n")
    return subject.strip(), f"{text.strip()}\n"


def _plainly(value: Any) -> Any:  # noqa: ANN401 - whatever JSON has
    if isinstance(value, dict):
        return {name: _plainly(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plainly(each) for each in value]
    return plain(value) if isinstance(value, str) else value


def plain(value: str) -> str:
    """The value on one line, without what ends lines, turns the direction of writing or cannot be seen."""
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in value)
    text = " ".join(seen.split())
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"


def sender(chosen: Settings) -> str:
    """Who writes, as people know them."""
    return f"{NAME} ({plain(chosen.operator_name)})" if chosen.operator_name else NAME


def host(chosen: Settings) -> str:
    """Our name among mail servers: that of the portal's address."""
    return urlsplit(chosen.public_url).hostname or "localhost"


def _contact(chosen: Settings) -> str:
    """The operator's mail address. A web address is left out: a letter has one link."""
    return chosen.operator_contact if not chosen.operator_contact.startswith(("http://", "https://")) else ""


@cache
def _environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=False,  # noqa: S701 - a letter is text, in which &amp; would be read as it stands
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_translations(translator(language), newstyle=True)  # type: ignore[attr-defined]
    return made
