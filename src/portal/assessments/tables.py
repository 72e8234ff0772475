"""The tables of assessments. Unique indexes are made by the migrations, as SQL that both databases take."""

from enum import StrEnum

from piccolo.columns import (
    JSON,
    UUID,
    Boolean,
    Bytea,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.accounts.tables import City, Organisation


class Stage(StrEnum):
    """How far a check or a report has come. `failed` is our fault, or a domain that does not exist."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Assessment(Table, tablename="assessment"):
    """One check of one domain. Its id is the id of its job; its token is its address on the web.

    `stated`: the asker ticked that the domain is theirs or that they act for its owner.
    `previous`: the check of the same domain from which it was asked again.
    `failure`: why it failed, such as `no-such-domain` or `our-error`; empty otherwise. `client`: a pseudonym.
    `proof_token`: what has to stand in the domain's TXT record when a check with port scans starts; empty without.
    `ports_allowed`: whether it did. `resolvers`, `limits`: comma-separated (`checks.limits.Limit`).
    `attempt` and `last_seq` belong to `portal.assessments.recording`. `firm`: whose it is; while it is nobody's,
    whoever knows its address may open it. `kept_until`: its firm wants it kept so long (`portal.privacy.retention`).
    """

    id = UUID(default=UUID4(), primary_key=True)
    token = Varchar(length=64)
    domain = Varchar(length=253)
    language = Varchar(length=8)
    status = Varchar(length=16, default=Stage.QUEUED.value)
    failure = Varchar(length=64, default="")
    proof_token = Varchar(length=64, default="")
    ports_allowed = Boolean(default=False)
    stated = Boolean(default=False)
    created_at = Timestamptz(default=TimestamptzNow())
    started_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    duration_s = DoublePrecision(null=True, default=None)
    catalogue_version = Varchar(length=32, default="")
    resolvers = Text(default="")
    limits = Text(default="")
    score_low = DoublePrecision(null=True, default=None)
    score_high = DoublePrecision(null=True, default=None)
    client = Varchar(length=64, default="")
    previous: ForeignKey["Assessment"] = ForeignKey("self", on_delete=OnDelete.set_null, null=True)
    attempt = Integer(default=0)
    last_seq = Integer(default=0)
    firm = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=True)
    kept_until = Timestamptz(null=True, default=None)


class FindingRow(Table, tablename="finding"):
    """One finding of one assessment; `seq` grows in the order in which findings came."""

    id = UUID(default=UUID4(), primary_key=True)
    assessment = ForeignKey(Assessment, on_delete=OnDelete.cascade, null=False)
    seq = Integer()
    attempt = Integer(default=0)
    check_id = Varchar(length=64)
    subject = Varchar(length=253)
    status = Varchar(length=16)
    severity = Varchar(length=16)
    outcome = Varchar(length=64)
    evidence = JSON(default="{}")
    fix = JSON(null=True, default=None)


class Report(Table, tablename="report"):
    """One assessment as a PDF in one language. `pdf` is empty until it is `done`.

    `for_others`: told to whoever has a link, not to the owner (`portal.assessments.report.input`). `offers`: a digest
    of the awarded solutions that it may tell of (`portal.assessments.solutions.reading`); others make it out of date.
    """

    id = UUID(default=UUID4(), primary_key=True)
    assessment = ForeignKey(Assessment, on_delete=OnDelete.cascade, null=False)
    language = Varchar(length=8)
    for_others = Boolean(default=False)
    offers = Varchar(length=64, default="")
    status = Varchar(length=16, default=Stage.QUEUED.value)
    pdf = Bytea(default=b"")
    created_at = Timestamptz(default=TimestamptzNow())
    finished_at = Timestamptz(null=True, default=None)


class Dispute(Table, tablename="dispute"):
    """Somebody says of a finding: this is wrong. The operator lists them with `kyberkunto disputes`."""

    id = UUID(default=UUID4(), primary_key=True)
    assessment = ForeignKey(Assessment, on_delete=OnDelete.cascade, null=False)
    check_id = Varchar(length=64)
    subject = Varchar(length=253)
    message = Text()
    created_at = Timestamptz(default=TimestamptzNow())


class Way(StrEnum):
    """How somebody came to have a domain checked."""

    PAGE = "page"
    """On a page of ours."""
    LINK = "share-link"
    """By a link that its owner gave out."""
    WATCH = "watch"
    """By nobody's hand: the domain is looked after."""


class Ground(StrEnum):
    """What allowed a check to look at what it looked at."""

    PUBLIC = "public"
    """Nothing was said: it saw what any visitor sees."""
    STATED = "stated"
    """The asker ticked that the domain is theirs or that they act for its owner."""
    PROOF = "proof"
    """They had shown besides that they hold the domain."""


class CheckLog(Table, tablename="check_log"):
    """That a check was asked for: who, what, when and on what ground (`portal.privacy.retention` says how long).

    `client`: the asker's pseudonym; `person`: that of whoever was signed in, otherwise empty. It names no check,
    so that what becomes of that one becomes of it alone.
    """

    id = UUID(default=UUID4(), primary_key=True)
    at = Timestamptz(default=TimestamptzNow())
    domain = Varchar(length=253)
    client = Varchar(length=64)
    person = Varchar(length=32, default="")
    way = Varchar(length=16)
    ground = Varchar(length=16)


class Worker(Table, tablename="worker"):
    """A worker's sign of life. `executor`: its stable name among the jobs."""

    id = UUID(default=UUID4(), primary_key=True)
    executor = Varchar(length=128)
    beat_at = Timestamptz(default=TimestamptzNow())
    taken_over_at = Timestamptz(null=True, default=None)


class AnswerSheet(Table, tablename="answer_sheet"):
    """One firm's answers to the guided questionnaire. Its token is its address on the web.

    `catalogue_version`: of the questions that its owner last saw. `budget_eur` and `minutes`: what the owner would
    spend on the plan. `client`: a pseudonym. `firm`, `kept_until`: as in `Assessment`.
    `city`: in whose programme it counts.
    """

    id = UUID(default=UUID4(), primary_key=True)
    token = Varchar(length=64)
    language = Varchar(length=8)
    catalogue_version = Varchar(length=32)
    budget_eur = Integer(default=0)
    minutes = Integer(default=480)
    client = Varchar(length=64, default="")
    firm = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=True)
    kept_until = Timestamptz(null=True, default=None)
    city = ForeignKey(City, on_delete=OnDelete.set_null, null=True)
    created_at = Timestamptz(default=TimestamptzNow())
    updated_at = Timestamptz(default=TimestamptzNow())


class SheetDomain(Table, tablename="sheet_domain"):
    """A domain of the firm whose sheet it is; `assessment`: the newest check that was asked for."""

    id = UUID(default=UUID4(), primary_key=True)
    sheet = ForeignKey(AnswerSheet, on_delete=OnDelete.cascade, null=False)
    domain = Varchar(length=253)
    assessment = ForeignKey(Assessment, on_delete=OnDelete.cascade, null=False)
    added_at = Timestamptz(default=TimestamptzNow())


class Reply(Table, tablename="reply"):
    """The owner's answer to one question, or to one about the firm (the profile); ids of the catalogue.

    `source`: whose it is (`portal.assessments.sheets.storage.Source`).
    """

    id = UUID(default=UUID4(), primary_key=True)
    sheet = ForeignKey(AnswerSheet, on_delete=OnDelete.cascade, null=False)
    question = Varchar(length=64)
    answer = Varchar(length=64)
    source = Varchar(length=16, default="owner")
    answered_at = Timestamptz(default=TimestamptzNow())


class DoneFix(Table, tablename="done_fix"):
    """The owner ticked that a fix is done. `fix`: an id of the catalogue, or of a card's fix.

    `mended`: what checks had found that it was to mend, as a list of pairs of a domain and a check's id.
    """

    id = UUID(default=UUID4(), primary_key=True)
    sheet = ForeignKey(AnswerSheet, on_delete=OnDelete.cascade, null=False)
    fix = Varchar(length=64)
    done_at = Timestamptz(default=TimestamptzNow())
    mended = JSON(default="[]")


class SheetReport(Table, tablename="sheet_report"):
    """One sheet as a PDF in one language, as it stood in `state`. `pdf` is empty until it is `done`.

    `state`: a digest of what the report tells (`portal.assessments.sheets.reports`); another one makes it out of date.
    `for_others`: as in `Report`.
    """

    id = UUID(default=UUID4(), primary_key=True)
    sheet = ForeignKey(AnswerSheet, on_delete=OnDelete.cascade, null=False)
    language = Varchar(length=8)
    for_others = Boolean(default=False)
    state = Varchar(length=64)
    status = Varchar(length=16, default=Stage.QUEUED.value)
    pdf = Bytea(default=b"")
    created_at = Timestamptz(default=TimestamptzNow())
    finished_at = Timestamptz(null=True, default=None)
