"""The operator's commands, run as programs."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from checks.contract import Finding, Severity, Status
from portal import settings, slots
from portal.assessments import recording, service
from portal.commands.serve import secure_cookies
from tests.portal.conftest import Installation

FACTS = {"count": 2, "zone": "example.fi", "name_servers": ["ns1.example.net", "ns2.example.net"]}


def kyberkunto(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_disputes_are_listed_without_what_could_steer_a_terminal(portal: Installation) -> None:
    row = await recording.begin((await service.start("example.fi", "fi", "somebody")).id)
    assert row is not None
    await recording.record(row, Finding("dns.ns_count", Status.PASS, Severity.INFO, "example.fi", "enough", FACTS))
    await service.dispute(row, "dns.ns_count", "example.fi", "We have three.\x1b[2J\nReally.")
    listed = kyberkunto("disputes", **portal.environment)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout.splitlines()[0].endswith("example.fi dns.ns_count (example.fi)")
    assert listed.stdout.splitlines()[1:] == ["    We have three. [2J Really."]
    [entry] = json.loads(kyberkunto("disputes", "--json", **portal.environment).stdout)
    assert entry["message"] == "We have three.\x1b[2J\nReally."


@pytest.mark.parametrize("command", ["worker", "disputes"])
def test_commands_want_an_up_to_date_database(command: str, tmp_path: Path) -> None:
    ended = kyberkunto(command, KYBERKUNTO_VAR=str(tmp_path))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "kyberkunto: the database is not up to date: run `kyberkunto migrate` first\n"


def test_senseless_setting_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    ended = kyberkunto("migrate", KYBERKUNTO_VAR=str(tmp_path), KYBERKUNTO_RESOLVERS="nonsense")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("kyberkunto: KYBERKUNTO_RESOLVERS: ")
    assert ended.stderr.count("\n") == 1


def test_taken_port_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = kyberkunto("serve", "--port", port, KYBERKUNTO_VAR=str(tmp_path), KYBERKUNTO_LOG_LEVEL="ERROR")
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"kyberkunto: cannot listen on 127.0.0.1 port {port}: ")


def test_backup_of_nothing_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    ended = kyberkunto("backup", str(tmp_path / "backup.tar"), KYBERKUNTO_VAR=str(tmp_path / "var"))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("kyberkunto: there is no database at ")
    assert not (tmp_path / "backup.tar").exists()


@pytest.mark.parametrize(
    ("public_url", "host", "secure"),
    [
        ("", "127.0.0.1", False),
        ("", "::1", False),
        ("", "localhost", False),
        ("", "0.0.0.0", True),  # noqa: S104 - nothing listens here
        ("http://portal.example.org", "0.0.0.0", True),  # noqa: S104
        ("https://portal.example.org", "127.0.0.1", True),
    ],
)
def test_cookies_are_secure_but_on_plain_http_on_loopback(public_url: str, host: str, *, secure: bool) -> None:
    chosen = settings.read({"KYBERKUNTO_PUBLIC_URL": public_url})
    assert secure_cookies(chosen, host) is secure


def test_each_worker_of_a_machine_has_a_slot_of_its_own(tmp_path: Path) -> None:
    first, lock = slots.take(tmp_path)
    second, other = slots.take(tmp_path)
    lock.close()
    again, third = slots.take(tmp_path)
    other.close()
    third.close()
    host = socket.gethostname()
    assert (first, second, again) == (f"{host}-1", f"{host}-2", f"{host}-1")
