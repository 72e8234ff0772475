"""kill -9 of the worker while it makes a city's figures: there is one snapshot in the end, and all of it."""

import asyncio
import json
import random
import time

import pytest

from portal import database
from tests.conftest import SOAK
from tests.portal.conftest import KINDS, Installation, new_installation
from tests.portal.programme.populating import populated
from tests.portal.responder import Responder
from tests.portal.serving import serving, wait_for

KILLS = 20 if SOAK else 2


async def _filled(installation: Installation) -> None:
    installation.bind()
    async with database.pool():
        await populated(count=60)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_killed_worker_leaves_one_whole_snapshot(
    kind: str, tmp_path_factory: pytest.TempPathFactory, responder: Responder
) -> None:
    folder = tmp_path_factory.mktemp("kill")
    installation = new_installation(kind, folder, responder.address)
    asyncio.run(_filled(installation))
    dice = random.Random()  # noqa: S311 - any moments will do
    with serving(installation.environment, folder / "log") as portal:
        for _ in range(KILLS):
            portal.kill("worker")
            time.sleep(dice.uniform(0.5, 3.0))
        wait_for(lambda: bool(portal.rows("SELECT id FROM snapshot")), portal.log)
        [(cells,)] = portal.rows("SELECT cells FROM snapshot")
        [(contributions,)] = portal.rows("SELECT count(*) FROM contribution")
        told = json.loads(cells) if isinstance(cells, str) else cells
        assert told["assessments"] == contributions > 40
