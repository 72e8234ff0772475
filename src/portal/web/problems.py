"""What went wrong, as a page that a person understands: one table from errors to problems, and nothing internal."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from portal.errors import (
    AssessmentNotDoneError,
    AssessmentNotFoundError,
    CalendarNotFoundError,
    DomainNotFoundError,
    FactorNotFoundError,
    FindingNotFoundError,
    LinkNotFoundError,
    NotAllowedError,
    ProofExpiredError,
    SecondStepNeededError,
    SheetError,
    SheetNotFoundError,
    SignInNeededError,
    SignInTooOldError,
    TooManyChecksError,
    TooManyCodesError,
    TooManyInvitationsError,
    TooManyLettersError,
    TooManyRequestsError,
    TooManySignInsError,
)

log = logging.getLogger(__name__)

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal. `kind` is stable and has its words in the templates; `retry_after_s` only for limits.

    Kinds: `sign-in-needed`, `second-step-needed`, `sign-in-too-old` (the way leads there), `not-found`,
    `link-not-found`, `not-done`, `proof-expired`, `too-many-checks-client`, `too-many-checks-person`,
    `too-many-checks-target`, `too-many-codes`, `too-many-letters`, `too-many-sign-ins`, `too-many-invitations`,
    `too-many-requests`, `wrong-method`, `form-refused` (the form's token), `bad-request`, `too-large`, `our-error`.
    """

    kind: str
    status: int
    retry_after_s: int | None = None


Show = Callable[[AnyRequest, Problem], Response[Any]]
"""Makes the page; written by `portal.pages`."""

_OURS: dict[type[Exception], Problem] = {
    SignInNeededError: Problem("sign-in-needed", 303),
    SecondStepNeededError: Problem("second-step-needed", 303),
    SignInTooOldError: Problem("sign-in-too-old", 303),
    NotAllowedError: Problem("not-found", 404),
    AssessmentNotFoundError: Problem("not-found", 404),
    CalendarNotFoundError: Problem("not-found", 404),
    DomainNotFoundError: Problem("not-found", 404),
    FactorNotFoundError: Problem("not-found", 404),
    FindingNotFoundError: Problem("not-found", 404),
    SheetError: Problem("not-found", 404),
    SheetNotFoundError: Problem("not-found", 404),
    LinkNotFoundError: Problem("link-not-found", 404),
    AssessmentNotDoneError: Problem("not-done", 409),
    ProofExpiredError: Problem("proof-expired", 409),
}
_LIMITS: dict[type[TooManyRequestsError], str] = {
    TooManyCodesError: "too-many-codes",
    TooManyInvitationsError: "too-many-invitations",
    TooManyLettersError: "too-many-letters",
    TooManySignInsError: "too-many-sign-ins",
}
_BY_STATUS = {403: "form-refused", 404: "not-found", 405: "wrong-method", 413: "too-large"}


def problem_of(error: Exception) -> Problem:
    """What to tell of an error; whatever we do not know is our own."""
    match error:
        case TooManyChecksError():
            return Problem(f"too-many-checks-{error.limit}", 429, error.retry_after_s)
        case TooManyRequestsError():
            return Problem(_LIMITS.get(type(error), "too-many-requests"), 429, error.retry_after_s)
        case HTTPException() if error.status_code < 500:  # noqa: PLR2004 - the asker's side
            return Problem(_BY_STATUS.get(error.status_code, "bad-request"), error.status_code)
        case _:
            return _OURS.get(type(error), Problem("our-error", 500))


def handler(show: Show) -> Callable[[AnyRequest, Exception], Response[Any]]:
    """The one handler of all errors, which shows problems with `show`."""

    def handle(request: AnyRequest, error: Exception) -> Response[Any]:
        problem = problem_of(error)
        if problem.status >= 500:  # noqa: PLR2004 - our side
            log.error("our own fault", exc_info=error, extra={"route": request.scope.get("path_template", "")})
        try:
            response = show(request, problem)
        except Exception:
            log.exception("the page of an error failed itself")
            response = plain(request, problem)
        response.status_code = problem.status
        if problem.retry_after_s is not None:
            response.headers["retry-after"] = str(problem.retry_after_s)
        return response

    return handle


def plain(_request: AnyRequest, problem: Problem) -> Response[str]:
    """The page when nothing else works."""
    text = f"<!doctype html><html lang=en><title>{problem.status}</title><h1>{problem.status}: {escape(problem.kind)}"
    return Response(text, status_code=problem.status, media_type=MediaType.HTML)
