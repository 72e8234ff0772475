"""What the operator decided holds for commands too."""

import argparse
import json

import pytest

from portal.commands.check_input import add_options, read_options
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
    ("name", "text"),
    [
        ("KYBERKUNTO_OPTED_OUT", "no domain"),
        ("KYBERKUNTO_OPERATOR_CONTACT", "the city"),
        ("KYBERKUNTO_RDAP", "https://rdap.example.org/"),
    ],
)
async def test_setting_that_makes_no_sense_is_told_in_one_line(name: str, text: str) -> None:
    async with responding(zone) as responder:
        ran = await run("check", "kahvila.fi", "--json", *asking(responder), **{name: text})
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert json.loads(ran.out)["error"]["code"] == "bad-setting"


def test_registry_that_was_typed_goes_before_the_operators() -> None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    args = parser.parse_args(["--resolver", "127.0.0.1", "--rdap", "FI=https://typed.example/"])
    chosen = {"KYBERKUNTO_RDAP": "fi=https://set.example/, test=https://set.example/x"}
    assert read_options(args, chosen).registries == {"fi": "https://typed.example/", "test": "https://set.example/x"}
