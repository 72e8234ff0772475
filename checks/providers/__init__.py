"""Well-known providers: how their customers' domains show it, and where in their consoles a fix is made.

One file (TOML) for each provider stands in this folder. `detect` is how it is recognised: ends of host names that its
customers' records point to, and networks. A provider has a role only where it can be recognised in it. `steps` are by
topic (`TOPICS`), in our own words; what the console calls a thing is written as the console writes it, and only where
`source` shows it: a page of the provider's own help, else another company's about it. `seen` is the day on which that
page was read for it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

import tomli
from msgspec import Struct, field

from checks.advice import ToldProvider
from checks.contract import Finding, Json
from checks.errors import CardError
from checks.languages import LANGUAGES
from checks.records.host_names import is_below
from checks.records.mail_providers import included_names

TOPICS: Mapping[str, str] = {
    "dns-record": "dns",
    "dnssec": "dns",
    "dkim": "mail",
    "https": "web",
    "redirect": "web",
    "hsts": "web",
    "tls-versions": "web",
    "headers": "web",
}
"""What a fix can be made with in a console, and whose console it is: the role in which that provider serves."""

Network = IPv4Network | IPv6Network

_HERE = Path(__file__).parent


class ConsoleSteps(Struct, frozen=True):
    """What to do in one provider's console about one topic, by language.

    `theirs`: the provider does it itself, and its customer can only see to it and ask.
    """

    source: str
    seen: date
    steps: Mapping[str, tuple[str, ...]]
    theirs: bool = False


class Provider(Struct, frozen=True, eq=False):
    """One provider. `ns`, `mx`, `spf` and `web`: ends of the names that a customer's records of that kind lead to.

    `networks` are the addresses of its web servers, for names that cannot be aliases. In front of `proxies` others'
    customers stand too: they count only where it keeps the domain's name service as well.
    """

    id: str
    name: str
    ns: tuple[str, ...]
    mx: tuple[str, ...]
    spf: tuple[str, ...]
    web: tuple[str, ...]
    networks: tuple[Network, ...]
    proxies: tuple[Network, ...]
    steps: Mapping[str, ConsoleSteps]

    @property
    def roles(self) -> frozenset[str]:
        """In what it can be recognised: `dns`, `mail`, `web`."""
        found = {"dns": self.ns, "mail": self.mx + self.spf, "web": (*self.web, *self.networks, *self.proxies)}
        return frozenset(role for role, ways in found.items() if ways)


class Providers(Struct, frozen=True):
    """Who serves one domain: its name service, its mail, and its website, which each host name may have elsewhere.

    `chosen`: by role, whom somebody who knows better named in the place of whom we saw; None for nobody we know.
    """

    dns: Provider | None = None
    mail: Provider | None = None
    web: Mapping[str, Provider] = field(default_factory=dict)
    chosen: Mapping[str, Provider | None] = field(default_factory=dict)

    def seen(self, topic: str, subject: str) -> Provider | None:
        """Whom we saw serve the subject in the role to which the topic belongs."""
        return {"dns": self.dns, "mail": self.mail, "web": self.web.get(subject)}[TOPICS[topic]]

    def steps(self, topic: str, subject: str, language: str) -> ToldProvider | None:
        """How the provider concerned does it, in `fi`, `sv` or `en`. None where nobody is known, or no steps are."""
        role = TOPICS[topic]
        provider = self.chosen[role] if role in self.chosen else self.seen(topic, subject)
        found = provider.steps.get(topic) if provider is not None else None
        if provider is None or found is None:
            return None
        return ToldProvider(provider.id, provider.name, found.steps[language], found.source, found.seen, found.theirs)


def detect(findings: Iterable[Finding]) -> Providers:
    """The known providers to which the findings' evidence points; nobody is guessed where it points to several."""
    seen: dict[str, dict[str, Mapping[str, Json]]] = {}
    for finding in findings:
        seen.setdefault(finding.id, {})[finding.subject] = finding.evidence

    def texts(check: str, *facts: str) -> list[str]:
        return [text for evidence in seen.get(check, {}).values() for fact in facts for text in _texts(evidence, fact)]

    dns = _of_all(texts("dns.ns_count", "name_servers"), "ns")
    mail = _of_all(texts("mail.mx", "mail_servers"), "mx") or _only_of(texts("mail.spf", "record", "records"))
    web = {host: _of_website(evidence, dns) for host, evidence in seen.get("tls.https", {}).items()}
    return Providers(dns, mail, {host: provider for host, provider in web.items() if provider is not None})


@cache
def all_providers() -> tuple[Provider, ...]:
    """Every provider that we know, by id. Raises CardError for a file that is malformed."""
    return tuple(_read(path) for path in sorted(_HERE.glob("*.toml")))


def offering(topic: str) -> tuple[Provider, ...]:
    """Every provider that has steps about that topic, by name."""
    return tuple(sorted((each for each in all_providers() if topic in each.steps), key=lambda each: each.name))


def _of_all(names: Iterable[str], kind: str) -> Provider | None:
    """The one to whom every name belongs."""
    owners = {_owner(name, kind) for name in names}
    return owners.pop() if len(owners) == 1 else None


def _only_of(spf_texts: Iterable[str]) -> Provider | None:
    """The one that is included; senders whom we do not know may stand beside it."""
    owners = {_owner(name, "spf") for name in included_names(spf_texts)} - {None}
    return owners.pop() if len(owners) == 1 else None


def _of_website(evidence: Mapping[str, Json], dns: Provider | None) -> Provider | None:
    """Whose alias the host name is, or at whose addresses it is."""
    named = _of_all(_texts(evidence, "alias"), "web")
    if named is not None:
        return named
    addresses = [ip_address(text) for fact in ("encrypted", "unencrypted") for text in _texts(evidence, fact)]
    holders = {_holder(address, dns) for address in addresses}
    return holders.pop() if len(holders) == 1 else None


def _owner(name: str, kind: str) -> Provider | None:
    plain = name.lower().removesuffix(".")
    return next((each for each in all_providers() if any(is_below(plain, end) for end in getattr(each, kind))), None)


def _holder(address: IPv4Address | IPv6Address, dns: Provider | None) -> Provider | None:
    for each in all_providers():
        networks = (*each.networks, *each.proxies) if each is dns else each.networks
        if any(address in network for network in networks):
            return each
    return None


def _texts(evidence: Mapping[str, Json], name: str) -> list[str]:
    value = evidence.get(name)
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def _read(path: Path) -> Provider:
    try:
        raw = tomli.loads(path.read_text(encoding="utf-8"))
        detected: dict[str, list[str]] = raw["detect"]
        return Provider(
            id=path.stem,
            name=raw["name"],
            **{kind: tuple(detected.get(kind, ())) for kind in ("ns", "mx", "spf", "web")},
            networks=tuple(map(ip_network, detected.get("networks", ()))),
            proxies=tuple(map(ip_network, detected.get("proxies", ()))),
            steps={topic: _steps(topic, value) for topic, value in raw["steps"].items()},
        )
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise CardError(f"{path.name}: {error!r}") from error


def _steps(topic: str, raw: Mapping[str, Any]) -> ConsoleSteps:
    if topic not in TOPICS:
        raise ValueError(f"no such topic: {topic}")
    if not isinstance(raw["seen"], date) or not raw["source"].startswith("https://"):
        raise ValueError(f"{topic}: needs a source and the day on which it was seen")
    lines = {language: tuple(raw[language]) for language in LANGUAGES}
    if len({len(each) for each in lines.values()}) != 1 or not all(
        line.strip() for each in lines.values() for line in each
    ):
        raise ValueError(f"{topic}: the languages differ in their number of steps")
    return ConsoleSteps(raw["source"], raw["seen"], lines, raw.get("theirs", False))
