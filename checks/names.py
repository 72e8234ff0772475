"""Domain names as people type them, made into the one form that everything else uses."""

import ipaddress
import re
import unicodedata

import idna

from checks.errors import UnusableDomainError

MAX_TYPED = 300
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_URL = re.compile(r"(?:https?://)?([^/?#]*)(?:[/?#].*)?", re.IGNORECASE)


def parse_domain(typed: str) -> str:
    """The A-label form, lower case, without the last dot, of what a person typed.

    A pasted web address (`https://www.example.fi/contact`, with or without its scheme) and a mail address give
    their domain.
    IDNA 2008 with UTS 46 mapping (RFC 5891), so `Kahvila-Ö.fi` and `xn--…` are one name.

    Raises:
        UnusableDomainError: `not-a-domain`, `ip-address` or `single-label`.
    """
    text = typed.strip()
    if not text or len(text) > MAX_TYPED or any(unicodedata.category(c)[0] == "C" for c in text):
        raise UnusableDomainError("not-a-domain", typed)
    text = _host_of(text)
    if _is_address(text):
        raise UnusableDomainError("ip-address", typed)
    name = _to_ascii(text, typed)
    labels = name.split(".")
    if len(labels) < 2:  # noqa: PLR2004 - a registrable domain has at least two labels
        raise UnusableDomainError("single-label", typed)
    if _is_address(name) or labels[-1].isdigit() or re.fullmatch(r"0x[0-9a-f]*", labels[-1]):
        raise UnusableDomainError("ip-address", typed)  # what inet_aton takes for an address, such as 0x7f.1
    return name


def display_name(domain: str) -> str:
    """The name as its owner reads it (U-labels where they are valid), for pages, reports and the terminal."""
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain


def enclosing_names(domain: str) -> list[str]:
    """The larger domains that it is a part of, nearest first; a single label, such as `fi`, is not among them."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(1, len(labels) - 1)]


def _host_of(text: str) -> str:
    """The host's place in a web or mail address; a bare name and an IPv6 address stay as they are."""
    match = _URL.fullmatch(text)
    host = match.group(1).rpartition("@")[2] if match else text
    if not _is_address(host):
        host = re.sub(r":\d{1,5}$", "", host)
    return host.removesuffix(".")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def _to_ascii(text: str, typed: str) -> str:
    try:
        name = text.lower() if text.isascii() else idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise UnusableDomainError("not-a-domain", typed) from error
    name = name.removesuffix(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):  # noqa: PLR2004 - RFC 1035
        raise UnusableDomainError("not-a-domain", typed)
    for label in name.split("."):
        if label.startswith("xn--"):
            _require_valid_a_label(label, typed)
    return name


def _require_valid_a_label(label: str, typed: str) -> None:
    try:
        idna.ulabel(label)
    except (idna.IDNAError, UnicodeError) as error:
        raise UnusableDomainError("not-a-domain", typed) from error
