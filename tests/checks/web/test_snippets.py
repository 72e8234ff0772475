"""The lines that are offered for nginx, put as they are into a real nginx, mend what was found."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from checks.contract import Check, Consent, Evidence, Finding
from checks.gather.gathering import Gathering
from checks.gather.http import Ports
from checks.inspection import to_finding
from checks.tls import protocols
from checks.web import hsts, redirect
from tests.checks.gather.zone import gathering
from tests.checks.making import Wanted, authority, issue
from tests.checks.serving import closed_port

ROOT = authority("Loopback Root")
ALL = (protocols.CHECK, redirect.CHECK, hsts.CHECK)

# What is wrong stands above the server's block, where a server's own lines take its place.
CONFIG = """
daemon off; master_process off; user root root; pid {directory}/pid; error_log stderr;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {directory}; proxy_temp_path {directory}; fastcgi_temp_path {directory};
  uwsgi_temp_path {directory}; scgi_temp_path {directory};
  ssl_protocols {protocols};
  add_header Strict-Transport-Security "{hsts}";
  server {{
    listen 127.0.0.1:{ports.http}; {tls}
    server_name good.test www.good.test;
    ssl_certificate {chain}; ssl_certificate_key {key}; ssl_ciphers ALL:@SECLEVEL=0;
{lines}
    location / {{ return 200 "hi"; }}
  }}
}}
"""


@pytest.fixture(autouse=True)
def _nginx() -> None:
    if shutil.which("nginx") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("not installed: nginx", pytrace=False)
        pytest.skip("not installed: nginx")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
    return issue(Wanted(names=("good.test", "www.good.test")), ROOT).write(tmp_path)


@asynccontextmanager
async def nginx(
    files: tuple[Path, Path], *lines: str, protocols: str = "TLSv1.2 TLSv1.3", hsts: str = "max-age=31536000"
) -> AsyncIterator[Gathering]:
    """One server block for both ports, with these lines in it."""
    ports, directory = Ports(closed_port(), closed_port()), files[0].parent
    config = directory / "nginx.conf"
    config.write_text(
        CONFIG.format(
            directory=directory,
            ports=ports,
            tls=f"listen 127.0.0.1:{ports.https} ssl;",
            chain=files[0],
            key=files[1],
            protocols=protocols,
            hsts=hsts,
            lines="\n".join(lines),
        )
    )
    command = ("nginx", "-e", "stderr", "-p", str(directory), "-c", str(config))
    running = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "OPENSSL_CONF": "/dev/null"})  # noqa: ASYNC220 - short, and a test's own
    try:
        await _until_it_listens(running, ports)
        async with gathering(ports) as found:
            found.consent = Consent(probes=True)
            yield found
    finally:
        running.terminate()
        running.communicate(timeout=10)


async def _until_it_listens(running: subprocess.Popen[bytes], ports: Ports) -> None:
    for _ in range(200):
        assert running.poll() is None
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", ports.https)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        return
    pytest.fail("nginx does not listen")


async def judge(site: Gathering) -> dict[Check, list[Finding]]:
    found: dict[Check, list[Finding]] = {}
    for check in ALL:
        parts: dict[type, object] = {kind: await site.part(kind) for kind in check.needs}
        found[check] = [to_finding(check.id, verdict) for verdict in check.judge(Evidence(site.domain, parts))]
    return found


def lines_for(findings: list[Finding]) -> str:
    (texts,) = {
        snippet.text
        for finding in findings
        if finding.fix
        for snippet in finding.fix.snippets
        if snippet.platform == "nginx"
    }
    return texts


@pytest.mark.parametrize(
    ("check", "broken", "protocols_", "hsts_"),
    [
        (redirect.CHECK, "absent", "TLSv1.2 TLSv1.3", "max-age=31536000"),
        (hsts.CHECK, "absent", "TLSv1.2 TLSv1.3", ""),
        (hsts.CHECK, "invalid", "TLSv1.2 TLSv1.3", "max-age"),
        (hsts.CHECK, "short", "TLSv1.2 TLSv1.3", "max-age=300"),
        (protocols.CHECK, "outdated", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "max-age=31536000"),
        (protocols.CHECK, "only-old", "TLSv1", "max-age=31536000"),
    ],
)
async def test_offered_lines_mend(
    files: tuple[Path, Path], check: Check, broken: str, protocols_: str, hsts_: str
) -> None:
    async with nginx(files, protocols=protocols_, hsts=hsts_) as site:
        before = await judge(site)
    assert {finding.outcome for finding in before[check]} == {broken}
    async with nginx(files, lines_for(before[check]), protocols=protocols_, hsts=hsts_) as site:
        after = await judge(site)
    assert [finding.status.value for finding in after[check]] == ["pass", "pass"]
    for other in set(ALL) - {check}:
        # A header on the redirect's own answer, and over http, is of no consequence; all else stays as it was.
        assert [each.outcome for each in after[other]] == [each.outcome for each in before[other]]


async def test_all_lines_together_mend_everything(files: tuple[Path, Path]) -> None:
    async with nginx(files, protocols="TLSv1 TLSv1.2", hsts="") as site:
        before = await judge(site)
    lines = [lines_for(before[check]) for check in ALL]
    async with nginx(files, *lines, protocols="TLSv1 TLSv1.2", hsts="") as site:
        after = await judge(site)
    assert {finding.status.value for findings in after.values() for finding in findings} == {"pass"}
