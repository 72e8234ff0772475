import asyncio
import fcntl
import json
import os
import pty
import signal
import struct
import sys
import termios
from pathlib import Path

import jsonschema
import pytest

from checks.document import SCHEMA
from checks.gather.network import Resolver
from checks.languages import LANGUAGES
from checks.registry import ALL_CHECKS, CATALOGUE_VERSION
from portal import cli
from portal.commands import check, check_input
from portal.commands.check_input import language_of
from tests.checks.gather.responder import answer, responding
from tests.portal.commands.running import asking, environment, run, start, zone

VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
HEAVY = ("babel", "dbos", "jinja2", "litestar", "nmap", "piccolo", "rich", "uvicorn", "weasyprint")


async def test_json_is_one_valid_document_and_nothing_else() -> None:
    async with responding(zone) as responder:
        ran = await run("check", "kahvila.fi", "--json", *asking(responder))
    assert (ran.code, ran.err) == (0, "")
    whole = json.loads(ran.out)
    assert list(VALIDATOR.iter_errors(whole)) == []
    assert whole["domain"] == "kahvila.fi"
    assert whole["catalogue_version"] == CATALOGUE_VERSION
    assert list(dict.fromkeys(finding["id"] for finding in whole["findings"])) == [known.id for known in ALL_CHECKS]


async def test_json_lines_are_the_findings_of_the_document() -> None:
    async with responding(zone) as responder:
        whole = await run("check", "kahvila.fi", "--json", *asking(responder))
        ran = await run("check", "kahvila.fi", "--json-lines", *asking(responder))
    assert (ran.code, ran.err) == (0, "")
    told = [json.loads(line) for line in ran.out.splitlines()]
    key = lambda one: (one["id"], one["subject"])  # noqa: E731 - what both lists are sorted by
    assert sorted(told, key=key) == sorted(json.loads(whole.out)["findings"], key=key)


async def test_ids_and_subjects_never_repeat() -> None:
    async with responding(zone) as responder:
        ran = await run("check", "kahvila.fi", "--json", *asking(responder))
    pairs = [(finding["id"], finding["subject"]) for finding in json.loads(ran.out)["findings"]]
    assert len(set(pairs)) == len(pairs)


async def test_pasted_address_is_its_domain() -> None:
    async with responding(zone) as responder:
        ran = await run("check", "https://KAHVILA.fi/menu", "--json", *asking(responder))
    assert json.loads(ran.out)["domain"] == "kahvila.fi"


async def test_pipe_gets_plain_text_by_topic_with_the_verdict_after_it() -> None:
    async with responding(zone) as responder:
        ran = await run("check", "kahvila.fi", *asking(responder))
    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    lines = ran.out.splitlines()
    assert lines[0] == "kahvila.fi"
    headings = ["Name service", "Mail", "Encryption", "Website", "Doors to the internet"]
    assert [line for line in lines if line in headings] == headings
    assert "  Fix later: If one computer fails, your website and mail vanish from the internet." in lines
    last_heading = lines.index(headings[-1])
    assert last_heading < next(place for place, line in enumerate(lines) if line.startswith("Score "))
    assert "1. " in "\n".join(lines[last_heading:])


@pytest.mark.parametrize(
    ("arguments", "variables", "heading"),
    [
        ((), {"LANG": "fi_FI.UTF-8"}, "Nimipalvelu"),
        ((), {"LC_ALL": "sv_FI.UTF-8", "LANG": "fi_FI.UTF-8"}, "Namntjänst"),
        ((), {"LANG": "de_DE.UTF-8"}, "Name service"),
        (("--lang", "fi"), {"LANG": "sv_FI.UTF-8"}, "Nimipalvelu"),
    ],
)
async def test_language_is_asked_for_or_the_environments(
    arguments: tuple[str, ...], variables: dict[str, str], heading: str
) -> None:
    async with responding(zone) as responder:
        ran = await run("check", "kahvila.fi", *asking(responder), *arguments, PYTHONUTF8="1", **variables)
    assert heading in ran.out.splitlines()


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fi_FI"}, "fi"),
        ({"LC_ALL": "", "LC_MESSAGES": "sv_SE", "LANG": "fi_FI"}, "sv"),
        ({"LC_ALL": "en_GB", "LANG": "fi_FI"}, "en"),
    ],
)
def test_first_locale_setting_that_is_not_empty_counts(variables: dict[str, str], language: str) -> None:
    assert language_of(variables) == language


async def _on_a_terminal(*arguments: str, rows: int = 24, **more: str) -> tuple[int | None, str]:
    """Runs the command on a pseudo-terminal; its exit code and everything it wrote there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 100, 0, 0))
    process = await start(arguments, {"TERM": "xterm-256color", **more}, theirs)
    os.close(theirs)
    written = await asyncio.to_thread(_read_all, ours)
    await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, written


def _read_all(terminal: int) -> str:
    parts = []
    with open(terminal, "rb", buffering=0) as stream:
        while True:
            try:
                some = stream.read(65536)
            except OSError:  # Linux: the other side is closed
                break
            if not some:
                break
            parts.append(some)
    return b"".join(parts).decode()


@pytest.mark.parametrize("rows", [5, 24, 100])
async def test_terminal_shows_progress_then_every_topic_once_in_colour(rows: int) -> None:
    async with responding(zone) as responder:
        code, written = await _on_a_terminal("check", "kahvila.fi", *asking(responder), rows=rows)
    assert code == 0
    assert f"of {len(ALL_CHECKS)} checked" in written
    assert written.count("\x1b[1;4mMail\x1b[0m") == 1
    assert written.count("\x1b[1;4mDo first\x1b[0m") == 1
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")  # the cursor is back


async def test_terminal_without_colour_where_that_is_asked_for() -> None:
    async with responding(zone) as responder:
        _, written = await _on_a_terminal("check", "kahvila.fi", *asking(responder), NO_COLOR="1")
    assert "\x1b[32m" not in written


@pytest.mark.parametrize("as_json", [False, True], ids=["plain", "json"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("kahvila",), "single-label"),
        (("127.0.0.1",), "ip-address"),
        (("kahvila fi.fi",), "not-a-domain"),
        (("-oN/tmp/x",), "usage"),
        ((), "usage"),
        (("kahvila.fi", "--bogus"), "usage"),
        (("kahvila.fi", "--lang", "de"), "usage"),
        (("kahvila.fi", "--js"), "usage"),
        (("kahvila.fi", "--resolver", "ns.kahvila.fi"), "bad-resolver"),
        (("kahvila.fi", "--resolver", "127.0.0.1:99999"), "bad-resolver"),
        (("kahvila.fi", "--resolver", "127.0.0.1:dns"), "bad-resolver"),
        (("kahvila.fi", "--allow-network", "10.0.0.1/8"), "bad-network"),
        (("kahvila.fi", "--allow-network", "everything"), "bad-network"),
        (("kahvila.fi", "--rdap", "https://rdap.example.org/"), "bad-registry"),
        (("kahvila.fi", "--rdap", "fi=http://rdap.example.org/"), "bad-registry"),
        (("kahvila.fi", "--rdap", "fi=https://192.0.2.1/"), "bad-registry"),
        (("kahvila.fi", "--rdap", "fi=https://rdap.example.org:8443/"), "bad-registry"),
        (("kahvila.fi", "--rdap", "f i=https://rdap.example.org/"), "bad-registry"),
        (("kahvila.fi", "--pdf", "/nonexistent/report.pdf"), "pdf-not-writable"),
        (("kahvila.fi", "--pdf", "/"), "pdf-not-writable"),
        (("kahvila.fi", "--evil\x1b[31m\nline"), "usage"),
    ],
)
def test_unusable_input_is_one_plain_line_and_exit_code_two(
    arguments: tuple[str, ...],
    code: str,
    as_json: bool,  # noqa: FBT001 - a parameter of the test
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["check", *arguments, *(["--json"] if as_json else [])]) == 2
    _require_refusal(*capsys.readouterr(), code if as_json else None)


@pytest.mark.parametrize("arguments", [(), ("--json",)])
async def test_domain_that_does_not_exist_is_unusable(arguments: tuple[str, ...]) -> None:
    async with responding(zone) as responder:
        ran = await run("check", "eiole.fi", *arguments, *asking(responder))
    assert ran.code == 2
    _require_refusal(ran.out, ran.err, "no-such-domain" if arguments else None)


def _require_refusal(out: str, err: str, code: str | None) -> None:
    """One plain line on standard error and, with a code, one document on standard output."""
    assert err.startswith("kyberkunto: ")
    assert err[:-1].isprintable()
    assert err[-1] == "\n"
    if code is None:
        assert out == ""
        return
    refusal = json.loads(out)
    assert VALIDATOR.is_valid(refusal)
    assert refusal == {"error": {"code": code, "message": err.removeprefix("kyberkunto: ").strip()}}


@pytest.mark.parametrize("command", [(), ("bogus",), ("serve", "--bogus"), ("--bogus",)])
async def test_every_command_refuses_in_one_line(command: tuple[str, ...]) -> None:
    ran = await run(*command)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_machine_without_a_resolver_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_input, "system_resolvers", lambda: ())
    assert cli.main(["check", "kahvila.fi", "--json", "--lang", "en"]) == 2
    written = capsys.readouterr()
    assert json.loads(written.out)["error"]["code"] == "no-resolver"
    assert written.err == "kyberkunto: This machine has no name service set up. Name one with --resolver.\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusal_is_told_in_every_language(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "kahvila", "--lang", language]) == 2
    expected = {"fi": "Pääte puuttuu", "sv": "Ändelsen saknas", "en": "The ending is missing"}
    assert expected[language] in capsys.readouterr().err


def test_fault_of_our_own_is_a_line_and_never_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_wish: object) -> None:
        raise RuntimeError("no\nluck")

    monkeypatch.setattr(check, "_check_and_tell", fail)
    monkeypatch.setattr(check_input, "system_resolvers", lambda: (Resolver("127.0.0.1"),))
    assert cli.main(["check", "kahvila.fi", "--json"]) == 1
    written = capsys.readouterr()
    assert written.err == "kyberkunto: our own program failed (RuntimeError: no luck)\n"
    assert VALIDATOR.is_valid(json.loads(written.out))


async def test_failing_resolver_is_not_a_missing_domain() -> None:
    async with responding(lambda query: answer(query, rcode="SERVFAIL")) as responder:
        ran = await run("check", "kahvila.fi", "--json", *asking(responder))
    assert ran.code == 0
    whole = json.loads(ran.out)
    statuses = {finding["id"]: finding["status"] for finding in whole["findings"]}
    assert statuses["dns.ns_count"] == "unknown"
    assert "fail" not in statuses.values()


async def test_allowed_network_is_warned_of_outside_the_document() -> None:
    async with responding(zone) as responder:
        ran = await run("check", "kahvila.fi", "--json", "--allow-network", "10.99.0.0/16", *asking(responder))
    assert ran.err == "kyberkunto: warning: checks may connect to networks that are not public: 10.99.0.0/16\n"
    assert VALIDATOR.is_valid(json.loads(ran.out))


@pytest.mark.parametrize("arguments", [("--json",), ()])
async def test_ctrl_c_ends_quietly(arguments: tuple[str, ...]) -> None:
    async with responding(lambda _query: None) as responder:
        process = await start(("check", "kahvila.fi", *arguments, *asking(responder)), {})
        async with asyncio.timeout(30):
            while not responder.queries:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), 10)
    assert (process.returncode, out, err) == (130, b"", b"")


async def test_ctrl_c_gives_the_terminal_back() -> None:
    ours, theirs = pty.openpty()
    async with responding(lambda _query: None) as responder:
        process = await start(("check", "kahvila.fi", *asking(responder)), {"TERM": "xterm-256color"}, theirs)
        os.close(theirs)
        async with asyncio.timeout(30):
            written = b""
            while b"\x1b[?25l" not in written:  # the cursor is hidden: the progress line is there
                written += await asyncio.to_thread(os.read, ours, 65536)
        process.send_signal(signal.SIGINT)
        rest = await asyncio.to_thread(_read_all, ours)
        _, err = await asyncio.wait_for(process.communicate(), 10)
    assert (process.returncode, err) == (130, b"")
    assert "\x1b[?25h" in rest


async def test_reader_that_goes_away_is_no_reason_for_a_traceback() -> None:
    async with responding(zone) as responder:
        reading, writing = os.pipe()
        process = await start(("check", "kahvila.fi", *asking(responder)), {}, writing)
        os.close(writing)
        os.close(reading)
        _, err = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, err) == (141, b"")


async def test_version_is_that_of_the_package() -> None:
    ran = await run("--version")
    assert (ran.code, ran.out) == (0, "kyberkunto 0.1.0\n")


async def test_schema_is_printed() -> None:
    ran = await run("check", "--schema")
    assert (ran.code, json.loads(ran.out)) == (0, json.loads(SCHEMA.read_text(encoding="utf-8")))


async def test_help_names_every_option() -> None:
    ran = await run("check", "--help")
    assert ran.code == 0
    for option in ("--json", "--pdf", "--lang", "--ports", "--resolver", "--allow-network", "--schema"):
        assert option in ran.out


async def test_pdf_is_written_beside_the_document(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    async with responding(zone) as responder:
        ran = await run("check", "kahvila.fi", "--json", "--pdf", str(file), *asking(responder))
    assert ran.code == 0
    assert VALIDATOR.is_valid(json.loads(ran.out))
    assert file.read_bytes().startswith(b"%PDF-")


async def test_pdf_is_named_after_the_text(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    async with responding(zone) as responder:
        ran = await run("check", "kahvila.fi", "--pdf", str(file), *asking(responder))
    assert ran.out.splitlines()[-1] == f"The report is in {file}."
    assert file.read_bytes().startswith(b"%PDF-")


async def test_refused_check_leaves_no_pdf_behind(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    async with responding(zone) as responder:
        ran = await run("check", "eiole.fi", "--pdf", str(file), *asking(responder))
    assert (ran.code, file.exists()) == (2, False)


_LISTENS = f"""
import sys

def hook(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        loaded = [name for name in {HEAVY!r} if name in sys.modules]
        sys.stderr.write("first packet with " + ",".join(loaded) + "\\n")
        sys.stderr.flush()
        import os
        os._exit(0)

sys.addaudithook(hook)
from portal.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_heavy_is_loaded_before_the_first_packet(language: str) -> None:
    async with responding(zone) as responder:
        arguments = ("check", "kahvila.fi", "--lang", language, *asking(responder))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", _LISTENS, *arguments),
            stderr=asyncio.subprocess.PIPE,
            env=environment(),
        )
        _, err = await asyncio.wait_for(process.communicate(), 30)
    assert err == b"first packet with \n"


_FINISHES = f"""
import sys
from portal.cli import main
code = main(sys.argv[1:])
sys.stderr.write(",".join(name for name in {HEAVY!r} if name in sys.modules))
sys.exit(code)
"""


async def test_plain_check_in_english_never_loads_anything_heavy() -> None:
    async with responding(zone) as responder:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", _FINISHES, "check", "kahvila.fi", *asking(responder)),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=environment(),
        )
        _, err = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, err) == (0, b"")
