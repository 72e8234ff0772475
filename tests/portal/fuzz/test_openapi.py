"""schemathesis asks the real portal, as everybody in turn, for what its description allows and for what it does not.

Whatever is asked, the portal answers: with a page, a refusal, a way onward, but never with a fault of its own.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis import Case
from schemathesis.schemas import BaseSchema

from portal import database, jobs
from portal.accounts import sessions
from portal.accounts.sessions import Rise
from portal.assessments.catalogue import current
from portal.exports.files import FORMS
from portal.sharing.tables import Audience
from portal.web.csrf import HEADER
from tests.conftest import SOAK
from tests.portal.conftest import KINDS, new_installation
from tests.portal.fuzz.description import described
from tests.portal.matrix.policy import EVERYBODY, STEPPED_UP, Who
from tests.portal.matrix.world import World, made
from tests.portal.pages.asking import form_token
from tests.portal.responder import Responder
from tests.portal.serving import Serving
from tests.portal.signing import COOKIE

CASES = 10_000 if SOAK else 280
WITHOUT = EVERYBODY - set(STEPPED_UP)
"""Who has a role comes with their second factor here: it leads further."""
PLENTY = ("CHECKS_PER_CLIENT", "CHECKS_PER_PERSON", "CHECKS_PER_TARGET", "SHEETS_PER_CLIENT", "WRITES_PER_CLIENT")


@dataclass(frozen=True, slots=True)
class Place:
    """The portal as it runs, everything that is in it, and what everybody's browser holds."""

    portal: Serving
    world: World
    cookies: dict[Who, str]


@pytest.fixture(params=KINDS if SOAK else KINDS[:1])
def place(request: pytest.FixtureRequest, tmp_path: Path, responder: Responder) -> Iterator[Place]:
    installation = new_installation(request.param, tmp_path, responder.address)
    installation.environment.update({f"KYBERKUNTO_{name}_PER_HOUR": "10000000" for name in PLENTY})
    installation.bind()
    world, cookies = asyncio.run(_filled())
    running = Serving(installation.environment, tmp_path / "log")
    running.start()
    yield Place(running, world, cookies)
    running.stop()


async def _filled() -> tuple[World, dict[Who, str]]:
    async with database.pool():
        world = await made()
        cookies = {
            who: await sessions.keep_under_new_id(None, {}, Rise(world.people[who].id, stepped_up=True))
            for who in WITHOUT - {Who.VISITOR}
        }
    jobs.disconnect()
    return world, cookies


@pytest.mark.soak
def test_no_request_meets_a_fault_of_ours(place: Place, record_property: Callable[[str, object], None]) -> None:
    schema = schemathesis.openapi.from_dict(described(_known(place.world)))
    asked = 0
    for who in sorted(WITHOUT):
        asked += _ask_as(who, schema, place, CASES // len(WITHOUT))
    record_property("requests that met no fault of ours", asked)
    assert "our own fault" not in place.portal.log.read_text()
    assert asked >= CASES - len(WITHOUT)


def _ask_as(who: Who, schema: BaseSchema, place: Place, count: int) -> int:
    asked: list[int] = []

    @hypothesis.given(case=schema.as_strategy())
    @hypothesis.settings(
        max_examples=count,
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    def ask(case: Case) -> None:
        answer = case.call(base_url=place.portal.url, session=browser, allow_redirects=False, timeout=60)
        asked.append(answer.status_code)
        assert answer.status_code < 500, (who, case.as_curl_command())

    with _browser_of(who, place) as browser:
        ask()
    return len(asked)


def _browser_of(who: Who, place: Place) -> requests.Session:
    browser = requests.Session()
    if who in place.cookies:
        browser.cookies.set(COOKIE, place.cookies[who])
    browser.headers[HEADER] = form_token(browser.get(f"{place.portal.url}/en"))  # type: ignore[arg-type]
    return browser


def _known(world: World) -> dict[str, list[str]]:
    files = [token for pair in world.files.values() for token in pair]
    return {
        "language": ["fi", "sv", "en"],
        "token": [*files, *world.links.values()],
        "ticket": [world.links["calendar"]],
        "question": [each.id for each in current().questions[:5]],
        "answer": [each.id for each in current().questions[0].answers],
        "fix": list(current().fixes)[:5],
        "audience": list(Audience),
        "form": list(FORMS),
        "city": ["helsinki", "new-york"],
        "organisation": [str(each) for each in world.organisations.values()],
        "mine": ["yes"],
    }
