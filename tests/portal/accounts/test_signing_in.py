"""Many who spend one link at once, from several connections and processes: exactly one gets a session."""

import asyncio
import sys
from collections.abc import Callable

import httpx
import pytest
from litestar import Litestar

from portal.accounts import sessions, signing_in
from portal.accounts.sessions import Rise
from portal.accounts.tables import Person, Session, SignInLink
from portal.database import rows
from portal.errors import LinkNotFoundError
from tests.conftest import SOAK
from tests.portal.conftest import Installation
from tests.portal.pages.asking import form_token
from tests.portal.signing import person

RACES = 50 if SOAK else 2
AT_ONCE = 20
"""So many attempts in each race: in a soak a thousand in all."""
PROCESSES = 4
SPENDER = """
import asyncio, sys
from portal import database
from portal.accounts import signing_in
from portal.errors import LinkNotFoundError

async def main():
    async with database.pool():
        sys.stdin.readline()
        tries = [signing_in.spend(sys.argv[1]) for _ in range(int(sys.argv[2]))]
        ended = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(each, (signing_in.Spent, LinkNotFoundError)) for each in ended), ended
    print(sum(isinstance(each, signing_in.Spent) for each in ended))

asyncio.run(main())
"""


async def new_link(number: int) -> str:
    return await signing_in.link_for(f"{number}@kahvila.fi", "en")


@pytest.mark.soak
async def test_link_spent_by_many_browsers_at_once_begins_one_session(
    browser: httpx.AsyncClient, application: Litestar, record_property: Callable[[str, object], None]
) -> None:
    for race in range(RACES):
        path = await new_link(race)
        token = form_token(await browser.get(path))
        cookies = dict(browser.cookies)

        async def attempt(path: str = path, token: str = token, cookies: dict[str, str] = cookies) -> int:
            transport = httpx.ASGITransport(app=application, client=("127.0.0.1", 50000))
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1:8000", cookies=cookies
            ) as another:
                return (await another.post(path, data={"_csrf": token})).status_code

        ended = sorted(await asyncio.gather(*(attempt() for _ in range(AT_ONCE))))
        assert ended == [303, *[404] * (AT_ONCE - 1)]
    assert (await Session.count(), await Person.count(), await SignInLink.count()) == (RACES, RACES, 0)
    signed = await rows("SELECT seq FROM audit_entry WHERE action = 'sign-in'")
    assert len(signed) == RACES
    record_property("attempts", RACES * AT_ONCE)
    record_property("spent twice", await Session.count() - RACES)


async def test_link_spent_by_several_processes_at_once_is_spent_once(portal: Installation) -> None:
    token = (await new_link(0)).rpartition("/")[2]
    running = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", SPENDER, token, "10",
            env=portal.environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(PROCESSES)
    ]  # fmt: skip
    await asyncio.sleep(2)
    ended = await asyncio.gather(*(process.communicate(b"now\n") for process in running))
    assert sorted(int(said) for said, _ in ended) == [0] * (PROCESSES - 1) + [1]
    assert (await Person.count(), await SignInLink.count()) == (1, 0)


@pytest.mark.usefixtures("portal")
async def test_two_links_of_one_new_address_spent_at_once_make_one_person() -> None:
    tokens = [(await new_link(1)).rpartition("/")[2] for _ in range(8)]
    spent = await asyncio.gather(*(signing_in.spend(token) for token in tokens))
    assert (len({each.person for each in spent}), await Person.count()) == (1, 1)
    with pytest.raises(LinkNotFoundError):
        await signing_in.spend(tokens[0])


@pytest.mark.usefixtures("portal")
@pytest.mark.soak
async def test_ended_session_stays_ended_whatever_is_in_flight(record_property: Callable[[str, object], None]) -> None:
    somebody = await person("anna@kahvila.fi")
    for _ in range(RACES * AT_ONCE):
        shown = await sessions.keep_under_new_id(None, {"holder": "a"}, Rise(somebody.id))
        row = await sessions.load(shown)
        assert row is not None
        *_, raised = await asyncio.gather(
            sessions.end_others(somebody.id, None),
            sessions.update(row, {}, {"holder": "b"}),
            sessions.keep_under_new_id(row, {"holder": "c"}, Rise(stepped_up=True)),
        )
        assert [await sessions.load(each) for each in (shown, raised)] == [None, None]
    record_property("races", RACES * AT_ONCE)
    assert await Session.count() == 0
