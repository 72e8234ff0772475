"""Asks the portal for cells of the matrix, and tells what was answered otherwise than written down."""

import contextlib
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import httpx
from litestar import Litestar
from litestar.routes import HTTPRoute

from portal.accounts.tables import Allowance, Session
from portal.database import rows, transaction
from tests.portal.conftest import TABLES
from tests.portal.matrix.policy import (
    ALSO_WITHOUT,
    MAY,
    NOT_YET,
    PATHS,
    STEPPED_UP,
    Answer,
    What,
    Who,
    expected,
    needed,
)
from tests.portal.matrix.world import BY_SCRIPT, World
from tests.portal.pages.asking import form_token
from tests.portal.signing import signed_in

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
OURS_TO_COUNT = {Allowance, Session}
"""Tables that a refused request may touch: it counts against a limit, and its session was seen."""
NAMES_OF_THINGS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|token-of-\w+-[0-9a-f]{32}|[\w-]{32,}|atlantis|helsinki|new-york|(?:ours|theirs|absent)-2026"
)
"""What may differ between the answer for a foreign thing and for an absent one: the name that was asked for."""


class RolledBackError(Exception):
    """Ends a transaction without keeping anything."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One question to the portal."""

    who: Who
    method: str
    path: str
    what: What
    answer: Answer


async def leaks_in(application: Litestar, world: World, cells: Sequence[Cell]) -> list[str]:
    """What was answered otherwise than written down, or changed by whom it was refused; empty where all is well."""
    leaks = []
    for who in Who:
        async with browser_of(application, world, who) as browser:
            passing = [cell for cell in cells if cell.who is who and cell.answer is Answer.PASSES]
            refused = [cell for cell in cells if cell.who is who and cell.answer is not Answer.PASSES]
            before = await everything_kept()
            leaks += [leak async for leak in _wrong(browser, world, refused)]
            changed = differing(before, await everything_kept())
            leaks += [f"{who}: a refused request changed {table}" for table in changed]
            leaks += [leak async for leak in _wrong(browser, world, passing)]
    return leaks


def taken(application: Litestar) -> dict[str, set[str]]:
    """By path, the methods that the portal takes there."""
    found: dict[str, set[str]] = {}
    for route in application.routes:
        if isinstance(route, HTTPRoute):
            methods = {method for handler in route.route_handlers for method in handler.http_methods}
            found.setdefault(route.path, set()).update(methods - {"OPTIONS"})
    return found


def every_cell(application: Litestar) -> Iterator[Cell]:
    """In an order that stays."""
    for path, methods in sorted(taken(application).items()):
        for who in Who:
            for what in MAY[PATHS[path]]:
                for method in METHODS:
                    yield Cell(who, method, path, what, _expected(path, methods, method, who, what))


def _expected(path: str, methods: Iterable[str], method: str, who: Who, what: What) -> Answer:
    if method not in methods:
        return Answer.WRONG_METHOD
    if (method, path) in ALSO_WITHOUT:
        return Answer.PASSES
    answer = expected(needed(method, path), who, what)
    return Answer.ABSENT if answer is Answer.PASSES and (method, path) in NOT_YET else answer


async def _wrong(browser: httpx.AsyncClient, world: World, cells: Iterable[Cell]) -> AsyncIterator[str]:
    """What was answered otherwise than written down, in words."""
    for cell in cells:
        if cell.answer is Answer.PASSES:
            answered = await _ask_and_forget(browser, world, cell)
        else:
            answered = await _ask(browser, world, cell, cell.what)
        got = _told(answered)
        if got is not cell.answer:
            yield f"{cell}: {got} ({answered.status_code})"
        elif got is Answer.ABSENT and cell.what is not What.ABSENT:
            absent = await _ask(browser, world, cell, What.ABSENT)
            if _without_names(answered) != _without_names(absent):
                yield f"{cell}: answered otherwise than for what there is not"


async def _ask_and_forget(browser: httpx.AsyncClient, world: World, cell: Cell) -> httpx.Response:
    held = httpx.Cookies(browser.cookies)
    with contextlib.suppress(RolledBackError):
        async with transaction():
            answered = await _ask(browser, world, cell, cell.what)
            _roll_back()
    browser.cookies = held
    return answered


def _roll_back() -> NoReturn:
    raise RolledBackError


async def _ask(browser: httpx.AsyncClient, world: World, cell: Cell, what: What) -> httpx.Response:
    address, fields = world.named(cell.path, what), world.fields(cell.path, cell.what, cell.who)
    headers = {"hx-request": "true"} if cell.path in BY_SCRIPT else {}
    if cell.method == "POST":
        return await browser.post(address, data=fields, headers=headers)
    asked = fields if cell.method in {"GET", "HEAD"} else None
    return await browser.request(cell.method, address, params=asked, headers=headers)


_STATUSES = {403: "form refused", 404: Answer.ABSENT, 405: Answer.WRONG_METHOD, 429: "too many"}


def _told(answered: httpx.Response) -> Answer | str:
    """What an answer says about permission; anything that has no place in the matrix is told as it is."""
    if answered.status_code >= 500:
        return "our error"
    if re.match(r"/en/sign-in(\?|$)", answered.headers.get("location", "")):
        return Answer.SIGN_IN
    if re.match(r"/en/me/second-step(\?|$)", answered.headers.get("location", "")):
        return Answer.SECOND_STEP
    return _STATUSES.get(answered.status_code, Answer.PASSES)


def _without_names(answered: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    text = NAMES_OF_THINGS.sub("*", answered.text)
    heads = [(name, text) for name, text in answered.headers.items() if name not in {"content-length", "date"}]
    return answered.status_code, text, [(name, NAMES_OF_THINGS.sub("*", text)) for name, text in heads]


class browser_of:  # noqa: N801 - used as a function
    """Their browser, with a token for forms; who has shown a second factor has done so just now."""

    def __init__(self, application: Litestar, world: World, who: Who) -> None:
        transport = httpx.ASGITransport(app=application, client=("127.0.0.1", 50000))
        self.browser = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        self.world, self.who = world, who

    async def __aenter__(self) -> httpx.AsyncClient:
        await self.browser.__aenter__()
        if self.who is not Who.VISITOR:
            stepped_up = self.who in STEPPED_UP.values() or self.who is Who.OTHER_ORGANISER
            await signed_in(self.browser, self.world.people[self.who], stepped_up=stepped_up)
        self.browser.headers["x-csrf-token"] = form_token(await self.browser.get("/en"))
        return self.browser

    async def __aexit__(self, *raised: object) -> None:
        await self.browser.__aexit__()


async def everything_kept() -> dict[str, list[dict[str, Any]]]:
    """Every row, by table."""
    names = [table._meta.tablename for table in TABLES if table not in OURS_TO_COUNT]  # noqa: SLF001
    return {name: sorted(await rows(f"SELECT * FROM {name}"), key=lambda row: str(row["id"])) for name in names}  # noqa: S608


def differing(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The tables that are not as they were."""
    return [name for name, found in before.items() if found != after[name]]
