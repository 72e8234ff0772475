"""A thousand hostile inputs: each is refused in one clear line, and no packet goes anywhere but to the resolver."""

import asyncio
import json
import sys
from pathlib import Path

from checks.gather.vantage import FAR_AWAY
from tests.checks.gather.responder import answer, responding
from tests.hostile_names import hostile_names
from tests.portal.commands.running import asking, environment

CODES = {"not-a-domain", "ip-address", "single-label", "no-such-domain", "usage"}

_TYPES_ALL = """
import contextlib, io, json, sys
called = []
watched = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "subprocess.Popen", "os.exec"}
sys.addaudithook(lambda event, arguments: called.append([event, str(arguments[1:])]) if event in watched else None)
from portal.cli import main
options = sys.argv[2:]
told = []
for typed in json.load(open(sys.argv[1])):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["check", typed, "--json", *options])
    told.append([code, out.getvalue(), err.getvalue()])
json.dump({"told": told, "called": sorted(set(map(tuple, called)))}, sys.stdout)
"""

"""What a command does to be watched, in a process of its own: the watching cannot be undone."""


async def test_hostile_names_are_refused_and_nobody_is_called(tmp_path: Path) -> None:
    names = hostile_names()
    assert len(names) >= 1000
    (tmp_path / "names.json").write_text(json.dumps(names))
    async with responding(lambda query: answer(query, rcode="NXDOMAIN")) as responder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _TYPES_ALL, str(tmp_path / "names.json"), *asking(responder)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment(),
        )
        out, err = await asyncio.wait_for(process.communicate(), 300)
    assert (process.returncode, err) == (0, b"")
    seen = json.loads(out)
    for typed, (code, document, line) in zip(names, seen["told"], strict=True):
        assert (code, line.count("\n")) == (2, 1), typed
        assert line[:-1].isprintable(), typed
        assert json.loads(document)["error"]["code"] in CODES, typed
    # Connecting a UDP socket asks this machine for its route; no packet is sent there (checks/gather/vantage.py).
    assert {event for event, _ in seen["called"]} == {"socket.connect"}
    resolver, route = f"(('127.0.0.1', {responder.port}),)", f"({FAR_AWAY!r},)"
    assert {where for _, where in seen["called"]} == {resolver, route}
