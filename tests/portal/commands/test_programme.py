"""`kyberkunto programme`, run as a program."""

import json

from portal.programme.tables import Snapshot
from tests.portal.commands.test_operating import kyberkunto
from tests.portal.conftest import Installation
from tests.portal.programme.populating import populated


async def test_figures_are_made_once_and_printed(portal: Installation) -> None:
    await populated(count=30)
    none = kyberkunto("programme", "helsinki", "--json", **portal.environment)
    assert (none.returncode, json.loads(none.stdout)["error"]["code"]) == (2, "no-figures")
    made = kyberkunto("programme", "helsinki", "--json", "--make", **portal.environment)
    assert (made.returncode, made.stderr) == (0, "")
    told = json.loads(made.stdout)
    assert (told["city"]["id"], told["assessments"]) == ("helsinki", 30)
    again = kyberkunto("programme", "helsinki", "--make", "--language", "fi", **portal.environment)
    assert again.stdout.splitlines()[0] == f"helsinki {told['week']}: 30 firms"
    assert await Snapshot.count() == 1
    unknown = kyberkunto("programme", "turku", "--json", **portal.environment)
    assert (unknown.returncode, json.loads(unknown.stdout)["error"]["code"]) == (2, "unknown-city")
