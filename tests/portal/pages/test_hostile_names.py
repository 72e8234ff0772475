"""A thousand hostile inputs in the form: each comes back with a reason, and no check is started."""

import httpx
import pytest

from checks.errors import UnusableDomainError
from checks.names import parse_domain
from portal.app import build_app
from portal.assessments.tables import Assessment
from tests.conftest import SOAK
from tests.hostile_names import hostile_names
from tests.portal.pages.asking import form_token

pytestmark = pytest.mark.usefixtures("portal")

PATIENCE = 20
"""Forms that one client sends here: whoever sends very many is asked to wait, whatever stands in them."""
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
async def test_hostile_names_come_back_with_a_reason() -> None:
    names = refused()
    assert len(names) >= 1000
    chosen = names if SOAK else names[::10]
    app = build_app(secure_cookies=False)
    for begin in range(0, len(chosen), PATIENCE):
        transport = httpx.ASGITransport(app=app, client=(f"127.0.1.{begin // PATIENCE + 1}", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as browser:
            token = form_token(await browser.get("/en/"))
            for typed in chosen[begin : begin + PATIENCE]:
                answer = await browser.post("/en/", data={"domain": typed, "_csrf": token})
                assert answer.status_code in ({413, 422} if len(typed) > 10_000 else {422}), typed[:300]
                assert answer.status_code == 413 or any(reason in answer.text for reason in REASONS), typed[:300]
    assert await Assessment.count() == 0
