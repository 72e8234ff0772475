"""The matrix: everybody who may ask × every path × every method × whose thing it is, against what is written down.

`make matrix` asks for each cell, on both databases; `make test` for a share of them. A cell that passes is asked in a
transaction that is rolled back, so that no cell meets what another one did; all others are asked as they are, and
afterwards not one row may have changed. What one may not see must be answered exactly as what there is not.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from litestar import Litestar

from portal import settings
from tests.conftest import SOAK
from tests.portal.matrix.asking import every_cell, leaks_in, taken
from tests.portal.matrix.policy import PATHS, Who
from tests.portal.matrix.world import made

EACH = 1 if SOAK or os.environ.get("KYBERKUNTO_TEST_MATRIX") == "1" else 47
"""Every how many cells one is asked; a prime, so that each time all kinds of cells are among them."""
PLENTY = "1000000"
LIMITS = ("CHECKS_PER_CLIENT", "CHECKS_PER_PERSON", "CHECKS_PER_TARGET", "SHEETS_PER_CLIENT", "WRITES_PER_CLIENT")


def test_every_path_stands_in_the_policy_and_no_other(application: Litestar) -> None:
    assert set(taken(application)) == set(PATHS)


@pytest.mark.usefixtures("portal", "roomy")
async def test_everybody_gets_what_is_written_down(
    application: Litestar, record_property: Callable[[str, object], None]
) -> None:
    cells = [cell for place, cell in enumerate(every_cell(application)) if place % EACH == 0]
    leaks = await leaks_in(application, await made(), cells)
    record_property("cells", len(cells))
    record_property("leaks", len(leaks))
    assert not leaks, "\n".join(leaks)


@pytest.mark.usefixtures("portal", "roomy")
@pytest.mark.parametrize("place", ["portal.assessments.queries.open_to", "portal.assessments.sheets.storage.open_to"])
async def test_a_query_that_forgets_to_filter_is_found(
    application: Litestar, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(place, lambda firm, _viewer: firm.is_null() | firm.is_not_null())
    paths = {"/{language:str}/a/{token:str}/wrong", "/{language:str}/q/{token:str}/share/end"}
    cells = [cell for cell in every_cell(application) if cell.path in paths and cell.who in {Who.VISITOR, Who.MEMBER}]
    found = await leaks_in(application, await made(), cells)
    assert any("passes" in leak for leak in found)
    assert any("changed" in leak for leak in found)


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limits that a matrix does not reach, and a portal that has a mail server."""
    for name in LIMITS:
        monkeypatch.setenv(f"KYBERKUNTO_{name}_PER_HOUR", PLENTY)
    monkeypatch.setenv("KYBERKUNTO_PUBLIC_URL", "http://localhost:8000")
    monkeypatch.setenv("KYBERKUNTO_SMTP_URL", "smtp://127.0.0.1:25")
    monkeypatch.setenv("KYBERKUNTO_MAIL_FROM", "kyberkunto@matrix.example")
    monkeypatch.setenv("KYBERKUNTO_OPERATOR_CONTACT", "kyberkunto@matrix.example")
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()
