"""The table of the audit log. Its triggers, made by a migration, refuse everything but the next entry at the end."""

from enum import StrEnum

from piccolo.columns import BigInt, Text, Varchar
from piccolo.table import Table


class Action(StrEnum):
    """What was done."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    SESSION_ENDED = "session-ended"
    SECOND_FACTOR_ADDED = "second-factor-added"
    SECOND_FACTOR_REMOVED = "second-factor-removed"
    SECOND_FACTOR_RESET = "second-factor-reset"
    RECOVERY_USED = "recovery-used"
    ROLE_GRANTED = "role-granted"
    ROLE_WITHDRAWN = "role-withdrawn"
    ORGANISATION_MADE = "organisation-made"
    ORGANISATION_DELETED = "organisation-deleted"
    MEMBER_INVITED = "member-invited"
    MEMBER_JOINED = "member-joined"
    MEMBER_LEFT = "member-left"
    CITY_MADE = "city-made"
    CITY_CHANGED = "city-changed"
    ASSESSMENT_CLAIMED = "assessment-claimed"
    EXPORTED = "exported"
    DELETED = "deleted"
    SCORE_KEPT = "score-kept"
    SCORE_LOCKED = "score-locked"
    PUBLISHED = "published"
    SCORE_SUBMITTED = "score-submitted"
    CALL_PUBLISHED = "call-published"
    CALL_CANCELLED = "call-cancelled"
    CALL_JOINED = "call-joined"
    ENTRY_MADE = "entry-made"
    ENTRY_SUBMITTED = "entry-submitted"
    ENTRY_WITHDRAWN = "entry-withdrawn"
    JUROR_ADDED = "juror-added"
    JUROR_LEFT = "juror-left"
    CONFLICT_DECLARED = "conflict-declared"
    READING_GIVEN = "reading-given"
    READING_TAKEN = "reading-taken"
    DECIDED = "decided"
    AWARD_WITHDRAWN = "award-withdrawn"
    PILOT_BEGUN = "pilot-begun"
    PILOT_ENDED = "pilot-ended"
    PILOT_JOINED = "pilot-joined"
    PILOT_LEFT = "pilot-left"
    EVENT_MADE = "event-made"
    EVENT_CHANGED = "event-changed"
    EVENT_CANCELLED = "event-cancelled"
    ADMINISTRATOR_MADE = "administrator-made"
    RESTORED = "restored"
    DEMO_FILLED = "demo-filled"
    """By this entry `kyberkunto demo` knows that everybody here is made up."""


class AuditEntry(Table, tablename="audit_entry"):
    """One entry; `seq` counts from 1 without gaps. `portal.audit.chain` has what each field holds.

    `at` and `about` are kept as the text that the hash was made of, which both databases give back as it was.
    """

    seq = BigInt(primary_key=True)
    at = Varchar(length=27)
    actor = Varchar(length=64)
    action = Varchar(length=32)
    subject = Varchar(length=128)
    about = Text(default="{}")
    previous = Varchar(length=64)
    hash = Varchar(length=64)
