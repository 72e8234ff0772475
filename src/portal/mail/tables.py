"""The table of letters."""

from enum import StrEnum

from piccolo.columns import JSON, UUID, Integer, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table


class Kind(StrEnum):
    """What a letter is; each has its words in `templates/mail/`."""

    ACCOUNT_DELETED = "account-deleted"
    ACCOUNT_ENDING = "account-ending"
    ENTRY_RECEIPT = "entry-receipt"
    EVENT = "event"
    FEEDBACK = "feedback"
    JURY = "jury"
    SHEET_LINK = "sheet-link"
    SIGN_IN = "sign-in"
    INVITATION = "invitation"
    SECOND_FACTOR = "second-factor"
    WATCH_CONFIRM = "watch-confirm"
    WATCH_NEWS = "watch-news"


class LetterStage(StrEnum):
    """How far a letter has come.

    `handing-over` lasts from just before its text goes to the mail server until the server's answer is kept.
    `unknown`: we or the connection broke off in between. The server may have it, so it is not sent again.
    """

    QUEUED = "queued"
    HANDING_OVER = "handing-over"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Letter(Table, tablename="letter"):
    """One letter to one address. Its id is the first part of its jobs' ids, and of its Message-ID.

    `recipient` and `about` (what its template tells, JSON) are erased as soon as the letter has ended.
    `attempts`: how often sending was begun; only the newest may hand over. `retries`: how often it was put off;
    `due_at`: when it is sent next. `until`: when what it tells is over, after which it is not sent any more; None where
    that is never.
    """

    id = UUID(default=UUID4(), primary_key=True)
    recipient = Varchar(length=254)
    language = Varchar(length=8)
    kind = Varchar(length=32)
    about = JSON(default="{}")
    status = Varchar(length=16, default=LetterStage.QUEUED.value)
    attempts = Integer(default=0)
    retries = Integer(default=0)
    created_at = Timestamptz(default=TimestamptzNow())
    due_at = Timestamptz(default=TimestamptzNow())
    sent_at = Timestamptz(null=True, default=None)
    until = Timestamptz(null=True, default=None)
