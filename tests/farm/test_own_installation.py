"""The portal as the README installs it: over TLS, behind the published nginx or Caddy configuration."""

import contextlib
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from checks.contract import Status
from tests.conftest import SOAK
from tests.farm.farm import Farm
from tests.farm.front import Place, front
from tests.farm.looking import look, outcomes
from tests.farm.sites import OURS
from tests.portal.serving import Serving, serving

ADDRESS = OURS.records[0].rpartition(" ")[2]
OURS_URL = f"https://{OURS.domain}"
ELSEWHERE = "198.18.20.3"
ATTEMPTS = 1000 if SOAK else 60
ALLOWED = 20
ONE, ANOTHER = "198.18.30.1", "198.18.30.2"
"""Where two visitors come from."""
SERVERS = ["nginx", pytest.param("caddy", marks=pytest.mark.caddy)]


@dataclass(frozen=True, slots=True)
class Installation:
    """The portal and the web server before it."""

    server: str
    portal: Serving
    directory: Path
    ca_file: Path

    def visitor(self, source: str = ONE, address: str = ADDRESS, **headers: str) -> httpx.Client:
        """A browser at that address, which knows where the domain is and trusts the farm's root."""
        trusted = ssl.create_default_context(cafile=self.ca_file)
        return httpx.Client(
            base_url=f"https://{address}",
            transport=_ByName(verify=trusted, local_address=source),
            headers={"host": OURS.domain, **headers},
        )


class _ByName(httpx.HTTPTransport):
    """Asks for the certificate of the name, wherever it stands."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Says the name in TLS as well, which also is what the certificate is held against."""
        request.extensions = {**request.extensions, "sni_hostname": OURS.domain}
        return super().handle_request(request)


@pytest.fixture(scope="module", params=SERVERS)
def installation(
    request: pytest.FixtureRequest, farm: Farm, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """One for each web server, with a database of its own."""
    folder = tmp_path_factory.mktemp("installation")
    environment = {
        "KYBERKUNTO_VAR": str(folder / "var"),
        "KYBERKUNTO_PUBLIC_URL": OURS_URL,
        "KYBERKUNTO_OPERATOR_CONTACT": f"kyberkunto@{OURS.domain}",
        "KYBERKUNTO_TRUSTED_PROXIES": "127.0.0.1",
        "KYBERKUNTO_RESOLVERS": farm.resolver,
        "KYBERKUNTO_ALLOW_NETWORKS": farm.allow_network,
        "KYBERKUNTO_CHECKS_PER_CLIENT_PER_HOUR": str(ALLOWED),
        "KYBERKUNTO_WRITES_PER_CLIENT_PER_HOUR": "100000",
        "SSL_CERT_FILE": str(farm.ca_file),
    }
    with serving(environment, folder / "log") as portal:
        place = Place(farm, folder, ADDRESS, OURS.domain, portal.port)
        with front(request.param, place):
            yield Installation(request.param, portal, folder, farm.ca_file)


async def test_our_own_check_finds_nothing_wrong(
    installation: Installation,
    farm: Farm,
    record_property: Any,  # noqa: ANN401 - pytest gives it no type
) -> None:
    seen = [one for one in await look(farm, OURS.domain) if one.id.startswith(("web.", "tls."))]
    assert outcomes(seen, Status.FAIL) == set()
    unclear = outcomes(seen, Status.UNKNOWN)
    record_property("unknown", sorted(unclear))
    assert unclear == set()
    found = {(one.id, one.outcome) for one in seen}
    assert ("web.security_txt", "valid") in found
    assert len(outcomes(seen, Status.PASS)) >= 15, installation.server


@pytest.mark.parametrize("host", [OURS.domain, "somebody-else.test"])
def test_http_leads_to_https(installation: Installation, host: str) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(local_address=ONE)) as visitor:
        answer = visitor.get(f"http://{ADDRESS}/fi/now?a=1", headers={"host": host})
    if installation.server == "caddy" and host != OURS.domain:  # it leads to whatever host was asked for
        assert answer.headers["location"].startswith("https://")
    else:
        assert answer.status_code in {301, 308}
        assert answer.headers["location"] == f"{OURS_URL}/fi/now?a=1"


PATHS = ("/en", "/en/nothing", "/static/icon.svg", "/static/nothing", "/health", "/.well-known/security.txt")


@pytest.mark.parametrize("path", PATHS)
def test_each_header_is_sent_once_and_no_program_names_itself(installation: Installation, path: str) -> None:
    with installation.visitor() as visitor:
        headers = visitor.get(path).headers
    for name in ("strict-transport-security", "content-security-policy", "x-content-type-options"):
        assert len(headers.get_list(name)) == 1, (name, headers.get_list(name))
    assert not re.search(r"\d", headers.get("server", ""))
    assert "via" not in headers
    assert "x-powered-by" not in headers


@pytest.mark.parametrize("server", SERVERS)
def test_where_the_portal_is_away_the_headers_stand(farm: Farm, tmp_path: Path, server: str) -> None:
    with front(server, Place(farm, tmp_path, ELSEWHERE, OURS.domain, 9)):
        alone = Installation(server, None, tmp_path, farm.ca_file)  # type: ignore[arg-type] - nobody is behind it
        with alone.visitor(address=ELSEWHERE) as visitor:
            answer = visitor.get("/en")
    assert answer.status_code == 502
    assert answer.headers.get_list("strict-transport-security") == ["max-age=31536000"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_cookies_are_bound_to_the_host(installation: Installation) -> None:
    with installation.visitor() as visitor:
        cookie = visitor.get("/en").headers["set-cookie"]
    assert cookie.startswith("__Host-csrf=")
    assert "Secure" in cookie


def test_nothing_that_may_hold_a_secret_is_compressed(installation: Installation) -> None:
    with installation.visitor(**{"accept-encoding": "gzip, br"}) as visitor:
        assert "content-encoding" not in visitor.get("/en").headers


def token_for(visitor: httpx.Client) -> str:
    """The forms' token; its cookie is then the visitor's."""
    found = re.search(r'name="_csrf" value="([^"]+)"', visitor.get("/en").text)
    assert found is not None
    return found[1]


def made_up(number: int) -> list[tuple[str, str]]:
    """What somebody may write to pass for somebody else, a different one each time."""
    address = f"192.0.{number // 250}.{number % 250 + 1}"
    return [
        [("x-forwarded-for", address)],
        [("x-forwarded-for", f"{address}, 127.0.0.1")],
        [("x-forwarded-for", f"127.0.0.1, {address}")],
        [("x-forwarded-for", address), ("x-forwarded-for", f"2001:db8::{number:x}")],
        [("x-real-ip", address), ("x-client-ip", address), ("true-client-ip", address)],
        [("forwarded", f"for={address};proto=http")],
        [("x-forwarded-for", f'"{address}:{number}"'), ("via", "1.1 somewhere")],
        [("x-forwarded-for", ""), ("x-forwarded-host", f"{number}.example.fi")],
        [("connection", "close, x-forwarded-for")],
    ][number % 9]


@pytest.mark.soak
def test_who_writes_another_address_each_time_escapes_no_limit(
    installation: Installation,
    record_property: Any,  # noqa: ANN401 - pytest gives it no type
) -> None:
    statuses = []
    with installation.visitor(ONE) as visitor:
        form = {"_csrf": token_for(visitor)}
        for number in range(ATTEMPTS):
            answer = visitor.post("/en", data={**form, "domain": f"example-{number}.fi"}, headers=made_up(number))
            statuses.append(answer.status_code)
    record_property("cases", ATTEMPTS)
    assert statuses.count(303) == ALLOWED
    assert statuses.count(429) == ATTEMPTS - ALLOWED
    with installation.visitor(ANOTHER) as visitor:  # who really is somebody else is told apart
        form = {"_csrf": token_for(visitor), "domain": "example-elsewhere.fi"}
        assert visitor.post("/en", data=form).status_code == 303


AMBIGUOUS = {
    "both-lengths": "content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nX",
    "two-lengths": "content-length: 0\r\ncontent-length: 40\r\n\r\nGET /en/smuggled HTTP/1.1\r\nx: ",
    "strange-coding": "transfer-encoding: xchunked\r\n\r\n0\r\n\r\nGET /en/smuggled HTTP/1.1\r\nx: ",
    "bare-line-end": "transfer-encoding: chunked\r\n\r\n2\nab\n0\n\nGET /en/smuggled HTTP/1.1\r\nx: ",
    "folded-coding": "transfer-encoding:\r\n chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n",
    "negative-length": "content-length: -1\r\n\r\n",
}
"""What two programs may read otherwise: where such a request ends (RFC 9112, section 11.2)."""


@pytest.mark.parametrize("form", AMBIGUOUS)
def test_ambiguous_request_spoils_nobody_elses(installation: Installation, form: str) -> None:
    trusted = ssl.create_default_context(cafile=installation.ca_file)
    for _ in range(5):
        raw = socket.create_connection((ADDRESS, 443), timeout=5, source_address=(ONE, 0))
        with raw, trusted.wrap_socket(raw, server_hostname=OURS.domain) as connection:
            connection.sendall(f"POST /en HTTP/1.1\r\nhost: {OURS.domain}\r\n{AMBIGUOUS[form]}".encode())
            connection.settimeout(1)
            with contextlib.suppress(TimeoutError, OSError):
                said = connection.recv(4096)
                assert said == b"" or said.split(b" ")[1] in {b"400", b"403", b"413", b"501", b"502"}, said[:200]
        with installation.visitor(ANOTHER) as visitor:
            answer = visitor.get("/health")
            assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
