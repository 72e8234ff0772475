"""The needs brief: what cities have published already, beside each other, and nothing else."""

import json

import pytest

from portal import clock
from portal.accounts import cities
from portal.accounts.tables import City
from portal.assessments.catalogue import current
from portal.database import rows
from portal.programme import needs, snapshots
from portal.templating import render
from tests.portal.events.happening import published_call
from tests.portal.programme.populating import NOW, populated
from tests.portal.signing import city

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


async def two_cities(firms: int) -> list[City]:
    """Helsinki with so many firms, and Turku with none; each has its snapshot."""
    await populated(count=firms)
    turku = await city("turku")
    await snapshots.go()
    return [await City.objects().get(City.slug == "helsinki"), turku]  # type: ignore[list-item]


async def test_brief_has_the_published_cells_and_nothing_else() -> None:
    """No sum of cities, and nothing of what firms did since the snapshot or of what is behind it."""
    call = await published_call(*await two_cities(120))
    kept = await snapshots.newest(await cities.by_slug("helsinki"))
    assert kept is not None
    published = {gap["id"]: (gap["assessments"], gap["short"]) for gap in kept.cells["gaps"]}  # type: ignore[union-attr,index,call-overload]
    helsinki, turku = await needs.of_call(call, "en")
    assert (turku.assessments, turku.gaps) == (None, ())
    assert helsinki.gaps
    assert all(published[gap.id] == (gap.firms, gap.short) for gap in helsinki.gaps)
    assert {gap.id for gap in helsinki.gaps} <= {question.id for question in current().questions}
    assert set(helsinki.groups) == {"sector", "size"}
    common = await needs.demand(call)
    told = {name: each.shares for name, each in common.items() if each}
    assert set(common) == {question.id for question in current().questions}
    assert {name: (one.firms, one.short) for name, [one] in told.items()} == {
        name: published[name] for name in published if name in common
    }
    html = render("calls/needs.html", "en", {"needs": [helsinki, turku]})
    assert f'<code class="control">{helsinki.gaps[0].id}</code>' in html
    assert "/en/city/helsinki/programme.csv" in html
    await rows("DELETE FROM answer_sheet")
    await rows("UPDATE snapshot SET state = {}", json.dumps({}))
    assert await needs.of_call(call, "en") == (helsinki, turku)


async def test_brief_is_honest_about_fewer_than_ten() -> None:
    call = await published_call(*await two_cities(9))
    brief = await needs.of_call(call, "en")
    assert [each.assessments for each in brief] == [None, None]
    assert not any((await needs.demand(call)).values())
    html = render("calls/needs.html", "en", {"needs": brief})
    assert html.count("Fewer than ten firms count so far.") == 2
    assert "programme.csv" not in html
