"""The words every inspector shares: what was asked, what was seen, and what it means.

A check is one module with `CHECK = Check(...)` and a pure `judge(evidence)`, and one card (TOML) beside it.
The judge says *what is*: it yields verdicts. The card says *how grave it is, in which words, and what to do*.
`checks.inspection` joins the two into findings.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from msgspec import Struct, field

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

P = TypeVar("P")


class Status(StrEnum):
    """What a finding says. Four things are never mixed: wrong, fine, does not apply, could not tell."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    INFO = "info"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How much a failing outcome matters to a small business. A pass is always `info`."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Outcome(Struct, frozen=True):
    """One way a check can end. `name` is stable, kebab-case, and has its words in the check's card."""

    name: str
    status: Status


class Record(Struct, frozen=True):
    """One change to a zone. `name` is full and without the last dot; a TXT `value` is unquoted.

    `action`: `add`, `replace` (every record of that name and type; for TXT only those of the same version tag,
    such as `v=spf1`), or `remove`.
    """

    action: str
    name: str
    type: str
    value: str


class Snippet(Struct, frozen=True):
    """A piece of configuration for one web server. `platform`: `nginx`, `apache`, `iis` or `caddy`.

    `place` says where its lines belong: `https`, the part of the configuration that answers on port 443 for the
    finding's subject, or `http`, the one for port 80. There they take the place of every line that sets the same
    thing (the same directive; for a header, the same header). A place that begins with a slash is a path: the text
    is then the whole file below the root folder of that site.
    """

    platform: str
    text: str
    place: str = "https"

    @property
    def is_file(self) -> bool:
        """Whether the text is a whole file, and not lines of a configuration."""
        return self.place.startswith("/")


class Consent(Struct, frozen=True):
    """What the asker has stated or shown; without it an inspection does only what any visitor does.

    `probes`: stated to be the domain's owner or to act for them, so that its servers may be asked what visitors
    do not ask (old protocols and ciphers, zone transfer, recursion). `ports`: has shown it, so that its own servers
    may be scanned.
    """

    probes: bool = False
    ports: bool = False


NO_CONSENT = Consent()


class Verdict(Struct, frozen=True):
    """What a judge says of one subject (a domain, a mail server, a host).

    `facts` are JSON values: they become the finding's evidence, and the card's words may name them in braces.
    `records` and `snippets` belong to the fix that the card names for this outcome; all records of one verdict
    are applied together.
    """

    outcome: Outcome
    subject: str
    facts: Mapping[str, Json] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    snippets: tuple[Snippet, ...] = ()


class Fix(Struct, frozen=True):
    """One step that mends one finding; its words, price and doer are in the card, under `id`."""

    id: str
    records: tuple[Record, ...] = ()
    snippets: tuple[Snippet, ...] = ()


KEPT_UNTIL = "kept_until"
"""In a finding's evidence: until when the resolver may still give the old answer, where its fix changes records."""


class Finding(Struct, frozen=True):
    """A verdict with its gravity: the unit everything else counts, stores, shows and prints.

    `id` and `subject` together are unique within one inspection.
    """

    id: str
    status: Status
    severity: Severity
    subject: str
    outcome: str
    evidence: Mapping[str, Json]
    fix: Fix | None = None

    @property
    def topic(self) -> str:
        """The room of the check: `dns`, `mail`, `tls`, `web` or `ports`."""
        return self.id.partition(".")[0]


class Evidence:
    """Everything gathered so far about one domain: at most one part of each type, asked for by its type."""

    def __init__(self, domain: str, parts: Mapping[type, object]) -> None:
        self.domain = domain
        self._parts = MappingProxyType(dict(parts))

    def part(self, kind: type[P]) -> P:
        """The part of that type. Raises KeyError where the check did not declare that it needs it."""
        found = self._parts[kind]
        assert isinstance(found, kind)  # noqa: S101 - tells mypy what the mapping guarantees
        return found


class Check(Struct, frozen=True):
    """One question about a domain: which evidence it needs, how it can end, and who judges.

    `outcomes` are the check's own; the shared ones in `COMMON` need not be listed.
    """

    id: str
    needs: tuple[type, ...]
    outcomes: tuple[Outcome, ...]
    judge: Callable[[Evidence], Iterator[Verdict]]


def passed(name: str) -> Outcome:
    """An outcome that says: this is fine."""
    return Outcome(name, Status.PASS)


def failed(name: str) -> Outcome:
    """An outcome that says: this is wrong, and here is the fix."""
    return Outcome(name, Status.FAIL)


def info(name: str) -> Outcome:
    """An outcome worth knowing that is neither right nor wrong."""
    return Outcome(name, Status.INFO)


def unknown(name: str) -> Outcome:
    """An outcome that says: we could not tell, for this reason."""
    return Outcome(name, Status.UNKNOWN)


def not_applicable(name: str) -> Outcome:
    """An outcome that says: this does not concern this domain, or another finding already tells it."""
    return Outcome(name, Status.NOT_APPLICABLE)


# Shared outcomes; their words stand in checks/common.toml.
DNS_TIMEOUT = unknown("dns-timeout")
DNS_FAILED = unknown("dns-failed")
ADDRESS_NOT_PUBLIC = unknown("address-not-public")
CONNECTION_TIMEOUT = unknown("connection-timeout")
CONNECTION_REFUSED = unknown("connection-refused")
CONNECTION_FAILED = unknown("connection-failed")
BLOCKED_FROM_HERE = unknown("blocked-from-here")
BUSY_HERE = unknown("busy-here")
CALLED_ENOUGH = unknown("called-enough")
OUR_ERROR = unknown("our-error")
RATE_LIMITED = unknown("rate-limited")
EARLIER_VERSION = unknown("earlier-version")
TRY_LATER = unknown("try-later")
TURNED_AWAY = unknown("turned-away")
MASKED = unknown("masked")
NOT_SMTP = unknown("not-smtp")
UNCLEAR_REPLY = unknown("unclear-reply")
NOT_ASKED = not_applicable("not-asked")
NOT_STATED = not_applicable("not-stated")
NO_SCANNER = unknown("no-scanner")
SCAN_FAILED = unknown("scan-failed")
YES_TO_EVERYTHING = unknown("yes-to-everything")
SHARED_ADDRESS = not_applicable("shared-address")
NO_NAME_SERVERS = not_applicable("no-name-servers")
ONE_NAME_SERVER = not_applicable("one-name-server")
NO_MAIL = not_applicable("no-mail")
NO_MAIL_ADDRESS = not_applicable("no-address")
NO_MAIL_SERVER = not_applicable("no-server")
NO_STARTTLS = not_applicable("no-starttls")
NO_WEB = not_applicable("no-web")
NO_HTTPS = not_applicable("no-https")
BAD_CERTIFICATE = not_applicable("bad-certificate")
LEADS_ELSEWHERE = not_applicable("leads-elsewhere")
PAGE_NOT_SHOWN = unknown("page-not-shown")
WAY_LOST = unknown("way-lost")

COMMON: tuple[Outcome, ...] = (
    DNS_TIMEOUT,
    DNS_FAILED,
    ADDRESS_NOT_PUBLIC,
    CONNECTION_TIMEOUT,
    CONNECTION_REFUSED,
    CONNECTION_FAILED,
    BLOCKED_FROM_HERE,
    BUSY_HERE,
    CALLED_ENOUGH,
    RATE_LIMITED,
    EARLIER_VERSION,
    TRY_LATER,
    TURNED_AWAY,
    MASKED,
    NOT_SMTP,
    UNCLEAR_REPLY,
    OUR_ERROR,
    NOT_ASKED,
    NOT_STATED,
    NO_SCANNER,
    SCAN_FAILED,
    YES_TO_EVERYTHING,
    SHARED_ADDRESS,
    NO_NAME_SERVERS,
    ONE_NAME_SERVER,
    NO_MAIL,
    NO_MAIL_ADDRESS,
    NO_MAIL_SERVER,
    NO_STARTTLS,
    NO_WEB,
    NO_HTTPS,
    BAD_CERTIFICATE,
    LEADS_ELSEWHERE,
    PAGE_NOT_SHOWN,
    WAY_LOST,
)
