"""What was typed after `kyberkunto check` or `batch`, made usable or refused in one line."""

import argparse
import ipaddress
import os
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path

from msgspec import Struct, field

from checks.addresses import AddressGuard, IPNetwork
from checks.contract import Consent
from checks.errors import UnusableDomainError
from checks.gather.network import Resolver, parse_resolver, system_resolvers
from checks.languages import LANGUAGES
from checks.names import display_name, parse_domain
from checks.request import Request
from portal.commands.usage import UsageError
from portal.i18n import translator

_BY_LOCALE = ("fi", "sv")
_SETTINGS = ("KYBERKUNTO_OPERATOR_CONTACT", "KYBERKUNTO_OPTED_OUT", "KYBERKUNTO_RDAP")


class Form(Enum):
    """What comes out on standard output: words for people, one JSON document, or a JSON line for each finding."""

    WORDS = "words"
    DOCUMENT = "document"
    LINES = "lines"


class Options(Struct, frozen=True):
    """How to check, whichever the domain: what `check` and `batch` share.

    Whoever types a command answers for it: the statement that the probes need is made by typing it. `contact` and
    `opted_out` are the portal's settings of these names; `registries` the RDAP services that were named, by top-level
    domain.
    """

    language: str
    consent: Consent
    resolvers: tuple[Resolver, ...]
    guard: AddressGuard
    contact: str = ""
    opted_out: tuple[str, ...] = ()
    registries: Mapping[str, str] = field(default_factory=dict)

    def request(self, domain: str) -> Request:
        """What is asked of an inspection of that domain."""
        return Request(domain, self.consent, self.opted_out)


class Wish(Struct, frozen=True):
    """One check, as it was asked for. `domain` is in the form of `parse_domain`."""

    domain: str
    options: Options
    form: Form
    pdf: Path | None


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `read_options` reads."""
    parser.add_argument("--lang", choices=LANGUAGES, help="language (default: as the environment has it, else en)")
    parser.add_argument(
        "--ports", action="store_true", help="scan for open ports too: says that you may have these servers scanned"
    )
    parser.add_argument(
        "--resolver", metavar="IP[:PORT]", action="append", default=[], help="ask this name service; may be repeated"
    )
    parser.add_argument(
        "--allow-network",
        metavar="CIDR",
        action="append",
        default=[],
        help="connect to this network though it is not public; may be repeated",
    )
    parser.add_argument(
        "--rdap",
        metavar="TLD=URL",
        action="append",
        default=[],
        help="ask this registry's service until when domains are registered; may be repeated",
    )


def read_options(args: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Options:
    """The shared arguments, all of them usable.

    Raises:
        UsageError: `bad-network`, `bad-resolver`, `no-resolver`, `bad-registry` or `bad-setting`.
    """
    language = args.lang or language_of(environment)
    contact, opted_out, registries = _of_the_operator(environment)
    return Options(
        language=language,
        consent=Consent(probes=True, ports=args.ports),
        resolvers=_resolvers(args.resolver, language),
        guard=AddressGuard(tuple(_network(text, language) for text in args.allow_network)),
        contact=contact,
        opted_out=opted_out,
        registries=dict((*registries, *(_registry(text, language) for text in args.rdap))),
    )


def read_wish(args: argparse.Namespace) -> Wish:
    """The arguments of `check`, all of them usable.

    Raises:
        UsageError: those of `read_options`, `not-a-domain`, `ip-address`, `single-label` or `pdf-not-writable`.
    """
    language = args.lang or language_of(os.environ)
    return Wish(
        domain=read_domain(args.domain, language),
        options=read_options(args),
        form=Form.LINES if args.json_lines else Form.DOCUMENT if args.json else Form.WORDS,
        pdf=None if args.pdf is None else _writable(Path(args.pdf), language),
    )


def language_of(environment: Mapping[str, str]) -> str:
    """The language of messages by POSIX (LC_ALL, then LC_MESSAGES, then LANG) if we speak it, else English."""
    settings = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    chosen = next(filter(None, settings), "")
    return next((language for language in _BY_LOCALE if chosen.lower().startswith(language)), "en")


def unusable(error: UnusableDomainError, language: str) -> UsageError:
    """The same in words."""
    tell = translator(language).gettext
    messages = {
        "not-a-domain": tell("This does not look like a domain. Type it like kahvila.fi, without spaces."),
        "ip-address": tell("This is an address in numbers. Type the domain, like kahvila.fi."),
        "single-label": tell("The ending is missing. Type the whole domain, like kahvila.fi."),
        "opted-out": tell("The holder of %(domain)s has asked us not to check it.")
        % {"domain": display_name(error.text)},
        "no-such-domain": tell("There is no domain %(domain)s") % {"domain": display_name(error.text)},
    }
    return UsageError(error.code, messages[error.code])


def unwritable(path: Path, error: OSError, language: str) -> UsageError:
    """Why the PDF cannot be written there."""
    tell = translator(language).gettext
    reason = error.strerror or type(error).__name__
    return UsageError(
        "pdf-not-writable",
        tell("The file %(file)s cannot be written: %(reason)s.") % {"file": path, "reason": reason},
    )


def read_domain(typed: str, language: str) -> str:
    """The domain that was typed. Raises UsageError: `not-a-domain`, `ip-address` or `single-label`."""
    try:
        return parse_domain(typed)
    except UnusableDomainError as error:
        raise unusable(error, language) from error


def _of_the_operator(environment: Mapping[str, str]) -> tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Where the operator is reached, whom they leave alone, which registries they know; most have set none of it."""
    told = {name: environment[name] for name in _SETTINGS if environment.get(name)}
    if not told:
        return "", (), ()
    from portal import settings  # noqa: PLC0415 - start-up: only where one is set
    from portal.errors import SettingError  # noqa: PLC0415 - the same

    try:
        found = settings.read(told)
    except SettingError as error:
        raise UsageError("bad-setting", str(error)) from error
    return found.operator_contact, found.opted_out, found.rdap


def _network(text: str, language: str) -> IPNetwork:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        tell = translator(language).gettext
        message = tell("%(text)s is no network. Write it like 10.0.0.0/8, with zeros after the prefix.")
        raise UsageError("bad-network", message % {"text": text}) from error


def _resolvers(texts: Sequence[str], language: str) -> tuple[Resolver, ...]:
    if texts:
        return tuple(_resolver(text, language) for text in texts)
    found = system_resolvers()
    if not found:
        tell = translator(language).gettext
        raise UsageError("no-resolver", tell("This machine has no name service set up. Name one with --resolver."))
    return found


def _resolver(text: str, language: str) -> Resolver:
    try:
        return parse_resolver(text)
    except ValueError as error:
        tell = translator(language).gettext
        message = tell("%(text)s is no resolver. Write IP, IPv4:PORT or [IPv6]:PORT.")
        raise UsageError("bad-resolver", message % {"text": text}) from error


def _registry(text: str, language: str) -> tuple[str, str]:
    from portal.settings import parse_registry  # noqa: PLC0415 - the same

    try:
        return parse_registry(text)
    except ValueError as error:
        tell = translator(language).gettext
        message = tell("%(text)s is no registry. Write it like fi=https://rdap.example.org/")
        raise UsageError("bad-registry", message % {"text": text}) from error


def _writable(path: Path, language: str) -> Path:
    """The path, after a try that leaves nothing behind: half a minute later would be too late to say it."""
    try:
        is_new = not path.exists()
        if is_new or path.is_file():
            path.open("ab").close()
        elif path.is_dir():
            raise IsADirectoryError(21, os.strerror(21))
        if is_new:
            path.unlink()
    except OSError as error:
        raise unwritable(path, error, language) from error
    return path
