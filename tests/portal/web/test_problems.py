import httpx
import pytest
from litestar import Litestar, get

from portal.errors import AssessmentNotFoundError, TooManyChecksError, TooManyRequestsError
from portal.web.problems import Problem, handler, plain, problem_of


@get("/broken")
async def broken() -> None:
    raise RuntimeError("the password is hunter2")


def fails(*_: object) -> None:
    raise ValueError("the page itself is broken")


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (AssessmentNotFoundError(), Problem("not-found", 404)),
        (TooManyChecksError("target", 7), Problem("too-many-checks-target", 429, 7)),
        (TooManyChecksError("client", 7), Problem("too-many-checks-client", 429, 7)),
        (TooManyRequestsError("writes", 7), Problem("too-many-requests", 429, 7)),
        (RuntimeError("inside"), Problem("our-error", 500)),
    ],
)
def test_each_error_has_its_problem(error: Exception, problem: Problem) -> None:
    assert problem_of(error) == problem


@pytest.mark.parametrize("show", [plain, fails])
async def test_fault_of_ours_shows_nothing_internal(show: object) -> None:
    app = Litestar([broken], exception_handlers={Exception: handler(show)}, logging_config=None)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://portal") as browser:
        answer = await browser.get("/broken")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "our-error" in answer.text
