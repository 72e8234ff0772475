"""What the operator decided holds for commands too."""

import json

import pytest

from tests.checks.gather.responder import responding
from tests.portal.commands.running import asking, run, zone


@pytest.mark.parametrize("domain", ["kahvila.fi", "www.kahvila.fi"])
async def test_domain_that_the_operator_leaves_alone_is_not_checked(domain: str) -> None:
    async with responding(zone) as responder:
        ran = await run("check", domain, "--json", *asking(responder), KYBERKUNTO_OPTED_OUT="other.fi, kahvila.fi")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert json.loads(ran.out)["error"]["code"] == "opted-out"


async def test_other_domains_are_checked() -> None:
    async with responding(zone) as responder:
        ran = await run("check", "kahvila.fi", "--json", *asking(responder), KYBERKUNTO_OPTED_OUT="other.fi, ahvila.fi")
    assert ran.code == 0


@pytest.mark.parametrize(
    ("name", "text"), [("KYBERKUNTO_OPTED_OUT", "no domain"), ("KYBERKUNTO_OPERATOR_CONTACT", "the city")]
)
async def test_setting_that_makes_no_sense_is_told_in_one_line(name: str, text: str) -> None:
    async with responding(zone) as responder:
        ran = await run("check", "kahvila.fi", "--json", *asking(responder), **{name: text})
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert json.loads(ran.out)["error"]["code"] == "bad-setting"
