"""What was typed after `kyberkunto check`, made usable or refused in one line."""

import argparse
import ipaddress
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.addresses import AddressGuard, IPNetwork
from checks.errors import UnusableDomainError
from checks.gather.network import Resolver, system_resolvers
from checks.names import display_name, parse_domain
from portal.commands.usage import UsageError
from portal.i18n import translator

_BY_LOCALE = ("fi", "sv")


@dataclass(frozen=True, slots=True)
class Wish:
    """One check, as it was asked for. `domain` is in the form of `parse_domain`."""

    domain: str
    language: str
    as_json: bool
    pdf: Path | None
    ports_allowed: bool
    resolvers: tuple[Resolver, ...]
    guard: AddressGuard


def read_wish(args: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Wish:
    """The arguments, all of them usable.

    Raises:
        UsageError: `not-a-domain`, `ip-address`, `single-label`, `bad-network`, `bad-resolver`, `no-resolver` or
            `pdf-not-writable`.
    """
    language = args.lang or language_of(environment)
    return Wish(
        domain=_domain(args.domain, language),
        language=language,
        as_json=args.json,
        pdf=None if args.pdf is None else _writable(Path(args.pdf), language),
        ports_allowed=args.ports,
        resolvers=_resolvers(args.resolver, language),
        guard=AddressGuard(tuple(_network(text, language) for text in args.allow_network)),
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


def _domain(typed: str, language: str) -> str:
    try:
        return parse_domain(typed)
    except UnusableDomainError as error:
        raise unusable(error, language) from error


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
    from portal.settings import parse_resolver  # noqa: PLC0415 - start-up: only where one is named

    try:
        return parse_resolver(text)
    except ValueError as error:
        tell = translator(language).gettext
        message = tell("%(text)s is no resolver. Write IP, IPv4:PORT or [IPv6]:PORT.")
        raise UsageError("bad-resolver", message % {"text": text}) from error


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
