import asyncio
import json
import os
import pty
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checks.document import SCHEMA
from checks.registry import ALL_CHECKS
from tests.checks.gather.responder import responding
from tests.portal.commands.running import Ran, asking, environment, run, zone

VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
TYPED = """\
# Our members
kahvila.fi

https://KAHVILA.fi/menu   # the same, as pasted
127.0.0.1
-oN x.fi
missing.example
kahvila.fi
"""


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


async def batch(tmp_path: Path, typed: str, *arguments: str) -> Ran:
    (tmp_path / "domains.txt").write_text(typed)
    async with responding(zone) as responder:
        return await run("batch", str(tmp_path / "domains.txt"), *arguments, *asking(responder))


async def test_each_line_of_the_file_is_a_line_of_output_once(tmp_path: Path) -> None:
    ran = await batch(tmp_path, TYPED)
    assert (ran.code, ran.err) == (0, "")
    told = lines(ran.out)
    assert [list(VALIDATOR.iter_errors(one)) for one in told] == [[]] * 5
    refused = {one["input"]: one["error"]["code"] for one in told if "error" in one}
    assert refused == {"127.0.0.1": "ip-address", "-oN x.fi": "not-a-domain", "missing.example": "no-such-domain"}
    checked = [one for one in told if "error" not in one]
    assert [one["domain"] for one in checked] == ["kahvila.fi", "kahvila.fi"]
    assert {finding["id"] for finding in checked[0]["findings"]} == {known.id for known in ALL_CHECKS}


async def test_options_are_those_of_check(tmp_path: Path) -> None:
    ran = await batch(tmp_path, "kahvila.fi\n", "--lang", "fi", "--allow-network", "198.18.0.0/15", "--at-once", "1")
    assert ran.err == "kyberkunto: warning: checks may connect to networks that are not public: 198.18.0.0/15\n"
    (only,) = lines(ran.out)
    titles = [finding["fix"]["title"] for finding in only["findings"] if finding["fix"]]
    assert "Julkaise DMARC-tietue" in " ".join(titles) or any("ä" in title for title in titles)


@pytest.mark.parametrize("arguments", [("--at-once", "0"), ("--at-once", "x"), ("--lang", "de"), ("--pdf", "x.pdf")])
async def test_options_that_cannot_be_used_are_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = await batch(tmp_path, "kahvila.fi\n", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


async def test_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    ran = await run("batch", str(tmp_path / "nowhere.txt"), "--resolver", "127.0.0.1")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"kyberkunto: The file {tmp_path}/nowhere.txt cannot be read: No such file or directory.\n"


async def test_empty_file_is_no_output(tmp_path: Path) -> None:
    assert await batch(tmp_path, "# nobody yet\n") == Ran(0, "", "")


async def test_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    (tmp_path / "domains.txt").write_text("kahvila.fi\n127.0.0.1\n")
    async with responding(zone) as responder:
        code, out, shown = await _with_terminal(
            "batch", str(tmp_path / "domains.txt"), *asking(responder), variables={"TERM": "xterm"}
        )
    assert code == 0
    assert len(lines(out)) == 2
    assert "2/2" in shown


async def _with_terminal(*arguments: str, variables: Mapping[str, str]) -> tuple[int | None, str, str]:
    """Exit code, standard output, and what a terminal on standard error was sent."""
    ours, theirs = pty.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "portal.cli", *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=theirs,
            env=environment(**variables),
        )
        out, _ = await asyncio.wait_for(process.communicate(), 60)
        os.set_blocking(ours, False)
        return process.returncode, out.decode(), os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)
