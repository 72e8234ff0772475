"""A round is cut off before any of its statements, as a kill does: what it was at is done by the next, once."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from portal import database
from portal.watching import round as watches
from portal.watching.tables import Notice
from tests.conftest import SOAK
from tests.portal.conftest import TABLES
from tests.portal.mail.post_office import PostOffice
from tests.portal.watching.year import (
    BEGIN,
    DAY,
    Clock,
    certificate,
    deliver_all,
    end_check,
    look,
    registration,
    watched,
)

EVERY = 1 if SOAK else 2
FINDINGS = [certificate(BEGIN + 7 * DAY, BEGIN), registration(BEGIN + 30 * DAY, BEGIN)]


class CutOff(BaseException):
    """Here the process was killed. Nobody handles it, as nobody handles that."""


@contextmanager
def cut_off(before: int) -> Iterator[list[int]]:
    """Lets so many statements less one through to the database; says how many there were."""
    kind: Any = type(database.engine())
    run, seen = kind.run_querystring, [0]

    async def counted(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - Piccolo's own
        seen[0] += 1
        if seen[0] >= before:
            raise CutOff
        return await run(*arguments, **more)

    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(CutOff):
        patch.setattr(kind, "run_querystring", counted)
        yield seen


@pytest.mark.soak
async def test_round_cut_off_before_any_statement_loses_nothing_and_doubles_nothing(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, reached = 0, True
    while reached:
        before += EVERY
        reached = False
        for table in TABLES:
            await table.delete(force=True)
        office.taken.clear()
        time = Clock(monkeypatch)
        await watched()
        for step in (watches.go, watches.go, watches.go):
            with cut_off(before) as seen:
                await step()
            reached = reached or seen[0] >= before
            await end_check(FINDINGS)
            await deliver_all()
        for _ in range(2):
            time.at += timedelta(hours=2)
            await look(FINDINGS)
        told = Counter([(row["kind"], row["thing"]) for row in await Notice.select()])
        assert told == {("ends-7", "tls.expiry kahvila.test"): 1, ("ends-30", "dns.domain_expiry kahvila.test"): 1}
        [_, (_, letter)] = office.taken
        assert letter.get_content().count("\n- ") == 2
    assert before > 10
