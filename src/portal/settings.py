"""Every setting of the portal: typed, documented, from the environment, and refused loudly where it makes no sense."""

import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from checks.addresses import IPNetwork
from checks.errors import UnusableDomainError
from checks.gather.network import Resolver, parse_resolver, system_resolvers
from checks.names import parse_domain
from checks.records.locations import Target, resolve
from portal.errors import SettingError, UnusableAddressError
from portal.mail_addresses import parse_mail_address
from portal.relay import Relay, parse_relay

ROOT = Path(__file__).resolve().parents[2]
"""The checkout: templates and migrations are found from here."""

PREFIX = "KYBERKUNTO_"
_NOT_OURS = ("TEST_", "SOAK")
"""What the tests read; a running portal does not."""


def _path(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("must be at least 1")
    return number


def _networks(text: str) -> tuple[IPNetwork, ...]:
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def _resolvers(text: str) -> tuple[Resolver, ...]:
    return tuple(parse_resolver(part) for part in text.split(",") if part.strip())


def parse_registry(text: str) -> tuple[str, str]:
    """A top-level domain and the RDAP service that tells of registrations below it, as `TLD=URL`. Raises ValueError."""
    tld, _, url = (part.strip() for part in text.partition("="))
    service = resolve(Target("rdap.invalid", secure=True), url) if url.startswith("https://") else None
    if not re.fullmatch(r"[a-z](?:[a-z0-9-]*[a-z0-9])?", tld.lower()) or not isinstance(service, Target):
        raise ValueError(f"{text.strip()} must be like fi=https://rdap.example.org/")
    return tld.lower(), url


def _registries(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(parse_registry(part) for part in text.split(",") if part.strip())


def _database_url(text: str) -> str:
    if urlsplit(text).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must begin with postgresql://")
    return text.replace("postgres://", "postgresql://", 1)


def _public_url(text: str) -> str:
    """It goes into heads of letters as it stands."""
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("must have no spaces; write ä and ö in a domain as xn--")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise ValueError("must be like https://kyberkunto.example.org, without a path")
    return text.rstrip("/")


def _secret(text: str) -> str:
    if len(text) < 32:  # noqa: PLR2004 - 128 bits as hexadecimal digits
        raise ValueError("must have at least 32 characters; leave it unset to have one made")
    return text


def _contact(text: str) -> str:
    """It goes into a header of every request we make (RFC 9110, section 10.1.5), inside a comment."""
    if not re.fullmatch(r"[!-'*-\[\]-~]+", text) or not ("@" in text or text.startswith(("http://", "https://"))):
        raise ValueError("must be a mail address or a web address; write ä and ö in a domain as xn--")
    return text


def _security_contact(text: str) -> str:
    """It stands in security.txt as a URI, for which web addresses must be https (RFC 9116, section 2.5.3)."""
    if text.startswith("http://"):
        raise ValueError("must be a mail address, or a web address that begins with https://")
    return _contact(text)


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise ValueError("must be yes or no")
    return text.lower() == "yes"


def _mail_from(text: str) -> str:
    try:
        return parse_mail_address(text)
    except UnusableAddressError as error:
        raise ValueError("must be a plain mail address, such as kyberkunto@example.org") from error


def _domains(text: str) -> tuple[str, ...]:
    try:
        return tuple(parse_domain(part.strip()) for part in text.split(",") if part.strip())
    except UnusableDomainError as error:
        raise ValueError(f"{error.text} is no domain") from error


def _log_level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return text.upper()


def _setting(default: Any, parse: Callable[[str], Any], shown: str, doc: str) -> Any:  # noqa: ANN401 - dataclasses' own
    """One setting: its default, how its text is read, the default as docs show it, and what it is for."""
    return field(default=default, metadata={"parse": parse, "shown": shown, "doc": doc})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decided. Each field is the environment variable KYBERKUNTO_ + its name in capitals."""

    var: Path = _setting(  # noqa: RUF009 - makes a field, as dataclasses.field does
        ROOT / "var", _path, "`var/` in the checkout", "Folder of the SQLite databases, the secret and the locks."
    )
    tombstones: Path | None = _setting(  # noqa: RUF009 - makes a field, as dataclasses.field does
        None,
        _path,
        "`tombstones` in the folder above",
        "File that remembers, without any personal data, what was deleted for good, so that a restored backup deletes "
        "it again. Keep it where a disk that fails does not take it along, and never restore an older copy of it.",
    )
    database_url: str = _setting(
        "",
        _database_url,
        "SQLite in the folder above",
        "PostgreSQL to use instead: `postgresql://user:password@host/database`. Holds the jobs as well, in a schema "
        "of their own (`dbos`).",
    )
    public_url: str = _setting(
        "",
        _public_url,
        "none",
        "Address under which people reach the portal, such as `https://kyberkunto.example.org`. With https, cookies "
        "are `__Host-` and Secure, and HSTS is sent.",
    )
    secret: str = _setting(
        "",
        _secret,
        "made at the first start and kept in `secret` in the folder above",
        "At least 32 characters. Signs forms and makes pseudonyms of client addresses; several machines need the "
        "same one.",
    )
    trusted_proxies: tuple[IPNetwork, ...] = _setting(
        (),
        _networks,
        "none",
        "Comma-separated networks of your reverse proxies. Only their X-Forwarded-For is believed.",
    )
    resolvers: tuple[Resolver, ...] = _setting(
        (),
        _resolvers,
        "those of the machine",
        "Comma-separated resolvers for the checks, as `IP`, `IPv4:PORT` or `[IPv6]:PORT`. They should validate DNSSEC.",
    )
    allow_networks: tuple[IPNetwork, ...] = _setting(
        (),
        _networks,
        "none",
        "Comma-separated networks that checks may connect to although they are not public. For tests and internal "
        "use only: whoever may use the portal can then probe them.",
    )
    rdap: tuple[tuple[str, str], ...] = _setting(
        (),
        _registries,
        "those that registries publish",
        "Comma-separated services that tell until when a domain is registered (RDAP), as `TLD=URL`, such as "
        "`fi=https://rdap.example.org/`. They go before the ones that we know. Only https.",
    )
    operator_name: str = _setting("", str, "none", "Who runs this portal, as shown on its pages.")
    operator_contact: str = _setting(
        "",
        _contact,
        "none",
        "How people reach the operator: a mail address or a web address. It stands on the pages, and servers that are "
        "checked read it in the User-Agent of our requests.",
    )
    security_contact: str = _setting(
        "",
        _security_contact,
        "the operator's contact",
        "Whom to tell of a weakness in this installation: a mail address, or a web address with https. It stands in "
        "`/.well-known/security.txt` (RFC 9116), which says itself until when it holds.",
    )
    hsts_subdomains: bool = _setting(
        False,  # noqa: FBT003 - a default
        _yes_or_no,
        "no",
        "`yes` tells browsers to use https for every name under the portal's too (HSTS with `includeSubDomains`). Only "
        "where all of these have it.",
    )
    smtp_url: Relay | None = _setting(  # noqa: RUF009 - makes a field, as dataclasses.field does
        None,
        parse_relay,
        "none: no letters are sent",
        "Mail server that sends the portal's letters: `smtp://user:password@host:587`, encrypted by STARTTLS except to "
        "the machine itself, or `smtps://user:password@host:465`. User, password and port can be left out; what is "
        "special in a password is percent-encoded. The server's certificate must be valid. Needs the next one, and "
        "`KYBERKUNTO_PUBLIC_URL`.",
    )
    mail_from: str = _setting(
        "",
        _mail_from,
        "none",
        "Address that letters come from, such as `kyberkunto@example.org`. Bounces go there. The mail server must sign "
        "with DKIM, and [cover two headers besides the usual ones](letters.md).",
    )
    opted_out: tuple[str, ...] = _setting(
        (),
        _domains,
        "none",
        "Comma-separated domains that are not checked, with everything under them, because their holders asked for "
        "it. Holders can also say so themselves, with a TXT record `_kyberkunto-optout` that says `optout`.",
    )
    context: Path | None = _setting(  # noqa: RUF009 - makes a field, as dataclasses.field does
        None,
        _path,
        "the few figures that come along",
        "File of official figures with which the plan tells how common a measure is, made by `kyberkunto context` from "
        "Eurostat's download. It takes the place of the figures that come along.",
    )
    checks_per_client_per_hour: int = _setting(
        20, _count, "20", "Checks that one client (an IPv4 address or an IPv6 /64 network) may start in an hour."
    )
    checks_per_person_per_hour: int = _setting(
        40, _count, "40", "Checks that somebody who is signed in may start in an hour, wherever they ask from."
    )
    checks_per_target_per_hour: int = _setting(
        12, _count, "12", "Checks of one domain that all clients together may start in an hour."
    )
    sheets_per_client_per_hour: int = _setting(
        30, _count, "30", "Questionnaires that one client may begin in an hour: a course may sit behind one address."
    )
    writes_per_client_per_hour: int = _setting(
        1500, _count, "1500", "Forms that one client may send in an hour; every answer to the questionnaire is one."
    )
    concurrent_checks: int = _setting(8, _count, "8", "Checks that one worker runs side by side.")
    log_level: str = _setting("INFO", _log_level, "INFO", "DEBUG, INFO, WARNING or ERROR.")

    @property
    def database_file(self) -> Path:
        """Our SQLite database, where PostgreSQL is not asked for."""
        return self.var / "kyberkunto.sqlite"

    @property
    def jobs_file(self) -> Path:
        """The SQLite database of the jobs, where PostgreSQL is not asked for."""
        return self.var / "dbos.sqlite"

    @property
    def tombstones_file(self) -> Path:
        """Where it is written down what was deleted for good."""
        return self.tombstones or self.var / "tombstones"

    @property
    def https(self) -> bool:
        """Whether people reach the portal over TLS."""
        return self.public_url.startswith("https://")

    @property
    def told_of_weaknesses(self) -> str:
        """Whom to tell of a weakness in this installation, as a URI; empty where nobody is named."""
        contact = self.security_contact or self.operator_contact
        if contact.startswith("http://"):
            return ""
        return contact if contact.startswith("https://") or not contact else f"mailto:{quote(contact, safe='@+')}"

    @property
    def sends_letters(self) -> bool:
        """Whether there is a mail server to send letters by."""
        return self.smtp_url is not None

    def resolvers_or_system(self) -> tuple[Resolver, ...]:
        """The resolvers to ask: the configured ones, or the machine's."""
        return self.resolvers or system_resolvers()


def read(environment: Mapping[str, str]) -> Settings:
    """The settings that these variables say. An empty value counts as unset; makes no secret.

    Raises:
        SettingError: a value makes no sense, or a KYBERKUNTO_ variable is not known (a slip of the pen).
    """
    known = {PREFIX + item.name.upper(): item for item in fields(Settings)}
    values: dict[str, Any] = {}
    for name, text in environment.items():
        if not name.startswith(PREFIX) or name.removeprefix(PREFIX).startswith(_NOT_OURS):
            continue
        if name not in known:
            raise SettingError(f"{name} is not a setting; see docs/settings.md")
        if not text.strip():
            continue
        item = known[name]
        try:
            values[item.name] = item.metadata["parse"](text.strip())
        except ValueError as error:
            raise SettingError(f"{name}: {error}") from error
    found = Settings(**values)
    _require_whole_mail(found)
    return found


def _require_whole_mail(found: Settings) -> None:
    """A letter needs who carries it, whom it comes from, and an address of ours that no request can have made up."""
    if found.smtp_url and not found.mail_from:
        raise SettingError(f"{PREFIX}SMTP_URL needs {PREFIX}MAIL_FROM beside it")
    if found.mail_from and not found.smtp_url:
        raise SettingError(f"{PREFIX}MAIL_FROM needs {PREFIX}SMTP_URL beside it")
    if found.smtp_url and not found.public_url:
        raise SettingError(f"{PREFIX}SMTP_URL needs {PREFIX}PUBLIC_URL beside it, for the links in letters")


@cache
def current() -> Settings:
    """The settings of this process, read once; makes the folder and the secret where they are missing."""
    found = read(os.environ)
    found.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    if found.secret:
        return found
    values = {item.name: getattr(found, item.name) for item in fields(found)}
    return Settings(**{**values, "secret": _kept_secret(found.var / "secret")})


def _kept_secret(path: Path) -> str:
    """The secret kept in the file; the first process to come makes it, whole or not at all."""
    if not path.exists():
        draft = path.with_name(f"secret.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return _secret(path.read_text(encoding="ascii").strip())


def documentation() -> str:
    """`docs/settings.md`: written by `python -m portal.settings`, and a test holds that it is true."""
    lines = [
        "# Settings",
        "",
        "Every setting is an environment variable; none has to be set. A value that makes no sense, or a name that",
        "is not in this table, stops the portal at its start with a line that says why.",
        "",
        "| Variable | Default | What it is for |",
        "|---|---|---|",
    ]
    for item in fields(Settings):
        assert item.default is not MISSING  # noqa: S101 - every setting has a default
        lines.append(f"| `{PREFIX}{item.name.upper()}` | {item.metadata['shown']} | {item.metadata['doc']} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(documentation(), end="")  # noqa: T201 - this is the generator of the page
