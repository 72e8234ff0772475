"""A thousand hostile inputs in the form: each comes back with a reason, and no check is started."""

import httpx
import pytest

from checks.errors import UnusableDomainError
from checks.names import parse_domain
from portal.assessments.tables import Assessment
from tests.conftest import SOAK
from tests.hostile_names import hostile_names
from tests.portal.pages.asking import form_token

pytestmark = pytest.mark.usefixtures("portal")

REASONS = ("This does not look like a domain.", "This is an address in numbers.", "The ending is missing.")


def refused() -> list[str]:
    """Those that no resolver is needed for, and that a form can carry."""
    return [typed for typed in hostile_names() if "\ud800" not in typed and not _is_domain(typed)]


def _is_domain(typed: str) -> bool:
    try:
        parse_domain(typed)
    except UnusableDomainError:
        return False
    return True


@pytest.mark.soak
async def test_hostile_names_come_back_with_a_reason(browser: httpx.AsyncClient) -> None:
    names = refused()
    assert len(names) >= 1000
    token = form_token(await browser.get("/en/"))
    for typed in names if SOAK else names[::10]:
        answer = await browser.post("/en/", data={"domain": typed, "_csrf": token})
        assert answer.status_code in ({413, 422} if len(typed) > 10_000 else {422}), typed[:300]
        assert answer.status_code == 413 or any(reason in answer.text for reason in REASONS), typed[:300]
    assert await Assessment.count() == 0
