"""What is known of a domain that is looked after, and what a further check makes worth telling. Pure values.

Two rules keep letters rare. A date is told when a fresh look still sees it, or could see nothing: whatever was renewed
meanwhile reminds nobody. And `could not tell` is never `worse`: what was known before it stays known.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct, field

from checks import document
from checks.contract import Finding, Json, Severity, Status
from checks.dates import dates

REMIND_BEFORE_DAYS = (30, 14, 7, 1)
WEEK = timedelta(days=7)
GONE = "gone"
"""The kind of news, and the state, of a domain that does not exist any more."""
SIGNATURES = "dns.dnssec_expiry"
ENDINGS = ("tls.expiry", "mail.mx_certificate", SIGNATURES, "dns.domain_expiry")
"""The checks whose findings say what ends: certificates, the zone's signatures, the domain's registration."""

_PASSED = "pass"
_RANK = {severity.value: rank for rank, severity in enumerate(reversed(Severity))}


class Ending(Struct, frozen=True):
    """A thing that ends at `expires`, which was first seen at `seen_at`; `id` says what it is, `subject` whose."""

    id: str
    subject: str
    expires: datetime
    seen_at: datetime


class Known(Struct, frozen=True):
    """`endings` and `states` by check and subject. A state is `pass`, a severity, or what else a finding was."""

    endings: dict[str, Ending] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)


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
        key, before = f"{due.id} {due.subject}", known.endings.get(f"{due.id} {due.subject}")
        if due.id in ENDINGS:
            first = before.seen_at if before and before.expires == due.expires else now
            seen[key] = Ending(due.id, due.subject, due.expires, first)
    states = {_key(each): _state(each) for each in found if each.status is not Status.UNKNOWN}
    return Known(kept | seen, {**known.states, GONE: "", **states})


def worse(known: Known, findings: Iterable[Finding], now: datetime) -> Iterator[News]:
    """What passed when it was last seen, or was only worth knowing, and fails now; and what failed and is graver now.

    Of what only ends soon, reminders tell.
    """
    found = [each for each in findings if each.status is Status.FAIL]
    ending = {f"{due.id} {due.subject}" for due in dates(found) if due.id in ENDINGS and due.expires > now}
    for each in found:
        before = known.states.get(_key(each), "")
        graver = before in _RANK and _RANK[each.severity.value] > _RANK[before]
        if (before == _PASSED or graver) and _key(each) not in ending:
            yield News("worse", _key(each), now, {"finding": document.encode(each)})


def reminders(known: Known, now: datetime) -> Iterator[News]:
    """Of each thing that ends, the nearest number of days that has been reached.

    Machines renew signatures every few days: of those we remind only where they have run down through that number of
    days since we first saw them.
    """
    for key, ending in known.endings.items():
        left = ending.expires - now
        reached = [days for days in REMIND_BEFORE_DAYS if left <= timedelta(days=days)]
        if left <= timedelta(0) or not reached:
            continue
        since = ending.expires - timedelta(days=min(reached))
        if ending.id != SIGNATURES or ending.seen_at < since:
            about: dict[str, Json] = {"id": ending.id, "subject": ending.subject}
            yield News(f"ends-{min(reached)}", key, ending.expires, about)


def next_look(known: Known, now: datetime) -> datetime:
    """In a week, or when a thing has so many days left that its owner is to be reminded."""
    moments = (each.expires - timedelta(days=days) for each in known.endings.values() for days in REMIND_BEFORE_DAYS)
    return min((moment for moment in moments if now < moment < now + WEEK), default=now + WEEK)


def _key(finding: Finding) -> str:
    return f"{finding.id} {finding.subject}"


def _state(finding: Finding) -> str:
    return finding.severity.value if finding.status is Status.FAIL else finding.status.value
