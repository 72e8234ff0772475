"""In the midst of a screening, nothing that is not to be seen yet stands on a page, in a list, an export or an answer.

Every path that takes GET is asked for by everybody, of our call, of another city's, and of what there is not. Texts
that nothing else has by chance tell where they came from.
"""

from collections.abc import Iterator

import httpx
import pytest
from litestar import Litestar

from tests.conftest import SOAK
from tests.portal.matrix.asking import browser_of, taken
from tests.portal.matrix.contest import Secrets
from tests.portal.matrix.policy import MAY, PATHS, What, Who
from tests.portal.matrix.world import World, made

SAID = Secrets()
TEAM = {Who.LEAD, Who.ENTRANT}
ORGANISERS = {Who.ORGANISER, Who.OTHER_ORGANISER}
"""Each of a call of their own."""
MAY_SEE: dict[str, set[Who]] = {
    SAID.draft: TEAM,
    SAID.private: set(),
    SAID.note: ORGANISERS,
    SAID.reason: ORGANISERS,
    SAID.feedback: ORGANISERS,
    SAID.total: set(),
    SAID.team: TEAM | {Who.ORGANISER},
    SAID.file: TEAM | ORGANISERS,
    SAID.link: ORGANISERS,
}
DECLARING = "/{language:str}/city/{city:str}/jury/{call:str}/declare"
"""Whoever says to whom they are too close reads the entrants' names, told apart from the entries."""
FORMS = ("data.json", "data.xlsx", "entries.csv", "readings.csv", "scores.csv")
ASKING = set(Who) if SOAK else {Who.VISITOR, Who.OWNER, Who.ENTRANT, Who.JUROR, Who.ORGANISER, Who.OTHER_ORGANISER}
COMPETITION = ("call", "city", "entry", "jury", "/me", "organisation", "solution")

pytestmark = [pytest.mark.soak, pytest.mark.usefixtures("portal")]


def _asked(application: Litestar) -> Iterator[tuple[str, What]]:
    for path, methods in sorted(taken(application).items()):
        if "GET" in methods and (SOAK or any(word in path for word in COMPETITION)):
            for what in MAY[PATHS[path]]:
                yield path, what


def _addresses(world: World, path: str, what: What) -> list[str]:
    if "/take/{form:str}" in path and "{call:str}" in path:
        return [world.named(path.replace("{form:str}", form), what) for form in FORMS]
    return [world.named(path, what)]


def _told(answered: httpx.Response) -> str:
    """Whatever a page, a file or a header says; a spreadsheet as its parts."""
    heads = " ".join(f"{name}: {text}" for name, text in answered.headers.items())
    return f"{heads}\n{answered.content.decode(errors='replace')}"


async def test_nothing_is_seen_before_its_time(application: Litestar) -> None:
    world = await made()
    leaks, seen = [], set()
    for who in ASKING:
        async with browser_of(application, world, who) as browser:
            for path, what in _asked(application):
                for address in _addresses(world, path, what):
                    told = _told(await browser.get(address))
                    found = {text for text in MAY_SEE if text in told}
                    seen |= found
                    hidden = {text for text in found if who not in MAY_SEE[text]}
                    if path == DECLARING and who is Who.JUROR:
                        hidden -= {SAID.team}
                    leaks += [f"{who} sees {text} at {address}" for text in sorted(hidden)]
    assert not leaks, "\n".join(leaks)
    assert {SAID.draft, SAID.team, SAID.note} <= seen, "the texts stand nowhere: nothing was tested"
