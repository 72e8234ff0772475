"""`kyberkunto admin reset-second-factor` as its operator runs it."""

import json

from portal.accounts import second_factors
from portal.accounts.tables import Session
from portal.audit import service as audit
from tests.portal.accounts.test_second_factors import somebody, with_app
from tests.portal.commands.test_audit import kyberkunto
from tests.portal.conftest import Installation

ADDRESS = "anna@kahvila.fi"


async def test_whoever_lost_everything_begins_anew(portal: Installation) -> None:
    row, viewer = await somebody(ADDRESS)
    await with_app(viewer)
    code, said, error = kyberkunto(portal, "admin", "reset-second-factor", "anna@KAHVILA.fi")
    assert (code, said, error) == (0, f"{ADDRESS} has no second factor now and is signed out everywhere.\n", "")
    assert (await second_factors.of(row.id)).count == await Session.count() == 0
    entries = [entry async for entry in audit.entries()]
    last = entries[-1]
    told = (last.actor, last.action, last.subject, json.loads(last.about))
    assert told == ("operator", "second-factor-reset", f"person:{row.pseudonym}", {})


async def test_address_of_nobody_or_none_is_refused(portal: Installation) -> None:
    for address, reason in (("nobody@kahvila.fi", "nobody has ever signed in with that address"),
                            ("nonsense", "no mail can be sent to that address")):  # fmt: skip
        code, said, error = kyberkunto(portal, "admin", "reset-second-factor", address)
        assert (code, said, error) == (2, "", f"kyberkunto: {reason}\n")
