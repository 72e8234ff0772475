"""How a city's firms are doing: last week's figures as a page, as open data, and for the city's organisers."""

import json

from litestar import Response, get
from litestar.params import FromPath

from portal.accounts import cities
from portal.accounts.permissions import anyone, organises
from portal.errors import NotAllowedError
from portal.exports import comma_separated
from portal.exports.grid import Column, Grid
from portal.exports.texts import file_name
from portal.pages.page import AnyRequest, Page, page
from portal.programme import snapshots
from portal.programme.admitting import LEAST
from portal.programme.chart import HEIGHT, WIDTH, columns
from portal.programme.contributing import DIMENSIONS, MONTH
from portal.programme.document import COLUMNS, LICENCE_URL, as_document, lines
from portal.programme.snapshots import Kept
from portal.programme.telling import monday, told
from portal.web.downloads import download
from portal.web.guards import requires
from portal.web.sessions import viewer_of

FIRST = 10
"""So many gaps stand open on the page; the others can be unfolded."""
_SCHEMA = "/schema/programme.json"


@get("/{language:str}/city/{city:str}/programme", guards=[requires(anyone)])
async def show(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Page:
    """The newest snapshot, for everybody."""
    known = await cities.by_slug(city)
    kept = await snapshots.newest(known)
    snapshot = told(kept, language) if kept else None
    months = snapshot.groups[MONTH] if snapshot else ()
    context = {
        "city": known,
        "name": known.name_in(language),
        "snapshot": snapshot,
        "made_on": kept.made_at.astimezone(known.zone).date() if kept else None,
        "dimensions": DIMENSIONS,
        "columns": columns([month.firms for month in months]),
        "width": WIDTH,
        "height": HEIGHT,
        "least": LEAST,
        "first": FIRST,
        "licence_url": LICENCE_URL,
        "organises": city in viewer_of(request).organises,
    }
    return page(request, language, "programme/show.html", context)


@get("/{language:str}/city/{city:str}/programme/organisers", guards=[requires(organises)])
async def show_organisers(request: AnyRequest, language: FromPath[str], city: FromPath[str]) -> Page:
    """What its organisers see besides: how many firms began and finished, week by week; nobody by name."""
    known = await cities.by_slug(city)
    paces = [(monday(week), pace) for week, pace in await snapshots.paces(known)]
    context = {"city": known, "name": known.name_in(language), "paces": paces, "least": LEAST}
    return page(request, language, "programme/organisers.html", context)


@get("/{language:str}/city/{city:str}/programme.json", guards=[requires(anyone)])
async def as_json(language: FromPath[str], city: FromPath[str]) -> Response[bytes]:
    """The newest snapshot as data; its form is published."""
    kept = await _newest(city)
    content = json.dumps(as_document(kept, language), indent=2).encode("ascii")
    answer = _file(kept, content, "application/json", "json")
    answer.headers["link"] += f', <{_SCHEMA}>; rel="describedby"'
    return answer


@get("/{language:str}/city/{city:str}/programme.csv", guards=[requires(anyone)])
async def as_csv(language: FromPath[str], city: FromPath[str]) -> Response[bytes]:
    """The newest snapshot as a table, a figure on each line."""
    kept = await _newest(city)
    grid = Grid("programme", "programme", tuple(Column(key, key, 20) for key in COLUMNS), tuple(lines(kept, language)))
    return _file(kept, comma_separated.comma_separated(grid), comma_separated.MEDIA_TYPE, "csv")


async def _newest(city: str) -> Kept:
    """Raises NotAllowedError where there is no such city, or nothing of it yet."""
    kept = await snapshots.newest(await cities.by_slug(city))
    if kept is None:
        raise NotAllowedError
    return kept


def _file(kept: Kept, content: bytes, media_type: str, ending: str) -> Response[bytes]:
    name = f"kyberkunto-{file_name(kept.city.slug)}-{kept.week}.{ending}"
    answer = download(content, media_type, name, name)
    answer.headers["link"] = f'<{LICENCE_URL}>; rel="license"'
    return answer
