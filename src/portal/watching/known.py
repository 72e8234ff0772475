"""What is known of a domain that is looked after, and what a further check makes worth telling. Pure values.

Two rules keep letters rare. A date is told when a fresh look still sees it, or could see nothing: whatever was renewed
meanwhile reminds nobody. And what could not be told, or was not asked, is never `worse`: what was known before it stays
known. What `worse` is, `assessments.changes` decides, as for the pages.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct, field

from checks import document
from checks.contract import Finding, Json, Severity, Status
from checks.dates import Due, dates
from portal.assessments import changes

REMIND_BEFORE_DAYS = (30, 14, 7, 1)
WEEK = timedelta(days=7)
GONE = "gone"
"""The kind of news of a domain that does not exist any more."""
SIGNATURES = "dns.dnssec_expiry"
ENDINGS = ("tls.expiry", "mail.mx_certificate", SIGNATURES, "dns.domain_expiry")
"""The checks whose findings say what ends: certificates, the zone's signatures, the domain's registration."""

_GOT_WORSE = {"new", "worse"}


class Ending(Struct, frozen=True):
    """A thing that ends at `expires`, as was first seen at `seen_at`; `id` says what it is, `subject` whose.

    `renewed`: it had an earlier end when it was seen before.
    """

    id: str
    subject: str
    expires: datetime
    seen_at: datetime
    renewed: bool = False


class State(Struct, frozen=True):
    """How a check last told of one subject (`portal.assessments.changes.Told`)."""

    status: Status
    severity: Severity
    outcome: str


class Known(Struct, frozen=True):
    """`endings` and `states` by check and subject. `gone`: the domain did not exist any more."""

    endings: dict[str, Ending] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    gone: bool = False


class News(Struct, frozen=True):
    """One thing to tell: `kind`, `thing` and `moment` tell it from all others; `about` has its facts."""

    kind: str
    thing: str
    moment: datetime
    about: Mapping[str, Json]


def decode(text: str) -> Known:
    """What `encode` made. Raises msgspec.DecodeError."""
    return msgspec.json.decode(text, type=Known)


def encode(known: Known) -> str:
    """As JSON."""
    return msgspec.json.encode(known).decode()


def learned(known: Known, findings: Iterable[Finding], now: datetime) -> Known:
    """What is known after a check that ended with these findings."""
    found = tuple(findings)
    unseen = {each.id for each in found if each.status is Status.UNKNOWN}
    kept = {key: each for key, each in known.endings.items() if each.id in unseen and each.expires > now}
    seen = {}
    for due in dates(found):
        if due.id in ENDINGS:
            key = f"{due.id} {due.subject}"
            seen[key] = _ending(due, known.endings.get(key), now)
    states = {_key(each): _state(each) for each in found if changes.tells(each)}
    return Known(kept | seen, {**known.states, **states})


def worse(known: Known, findings: Iterable[Finding], now: datetime) -> Iterator[News]:
    """What fails now and was told otherwise when it was last told, or failed and is graver now.

    Of what only ends soon, reminders tell.
    """
    found = [each for each in findings if each.status is Status.FAIL]
    ending = {f"{due.id} {due.subject}" for due in dates(found) if due.id in ENDINGS and due.expires > now}
    for each in found:
        key = _key(each)
        if key not in ending and changes.kind(known.states.get(key), each) in _GOT_WORSE:
            yield News("worse", key, now, {"finding": document.encode(each)})


def reminders(known: Known, now: datetime) -> Iterator[News]:
    """Of each thing that ends, the nearest number of days that has been reached.

    Machines renew signatures and some certificates every few days: of those we remind only where they have run down
    through that number of days since we first saw them.
    """
    for key, ending in known.endings.items():
        left = ending.expires - now
        reached = [days for days in REMIND_BEFORE_DAYS if left <= timedelta(days=days)]
        if left <= timedelta(0) or not reached:
            continue
        ran_down = ending.seen_at < ending.expires - timedelta(days=min(reached))
        if ran_down or not (ending.renewed or ending.id == SIGNATURES):
            about: dict[str, Json] = {"id": ending.id, "subject": ending.subject}
            yield News(f"ends-{min(reached)}", key, ending.expires, about)


def next_look(known: Known, now: datetime) -> datetime:
    """In a week, or when a thing has so many days left that its owner is to be reminded."""
    moments = (each.expires - timedelta(days=days) for each in known.endings.values() for days in REMIND_BEFORE_DAYS)
    return min((moment for moment in moments if now < moment < now + WEEK), default=now + WEEK)


def _key(finding: Finding) -> str:
    return f"{finding.id} {finding.subject}"


def _state(finding: Finding) -> State:
    return State(finding.status, finding.severity, finding.outcome)


def _ending(due: Due, before: Ending | None, now: datetime) -> Ending:
    if before is not None and before.expires == due.expires:
        return before
    renewed = before is not None and before.expires < due.expires
    return Ending(due.id, due.subject, due.expires, now, renewed)
