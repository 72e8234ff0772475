"""The web server before the portal: nginx and Caddy, each with the very configuration that docs/ offers."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.farm.farm import Farm
from tests.farm.processes import Processes, accepts

DOCS = Path(__file__).resolve().parents[2] / "docs"
EXAMPLE = "kyberkunto.example.fi"
"""The host name that stands in the published files."""

_NGINX = """
daemon off;
user root root;
worker_processes 1;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log {directory}/access.log;
  gzip on;
  client_body_temp_path {directory}/tmp; proxy_temp_path {directory}/tmp; fastcgi_temp_path {directory}/tmp;
  uwsgi_temp_path {directory}/tmp; scgi_temp_path {directory}/tmp;
  include {directory}/site.conf;
}}
"""
"""What a distribution's own nginx.conf says, with its defaults that concern us: a log of visits, and compression."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the web server stands, what it is called, and the portal's port behind it."""

    farm: Farm
    directory: Path
    address: str
    domain: str
    port: int


def _put(text: str, *changes: tuple[str, str]) -> str:
    """The text with each of these put in the place of the other; all must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def _start_nginx(place: Place, processes: Processes) -> None:
    """What an operator changes: the name. And what a test must: the address, the certificate, and some folders."""
    chain, key = place.farm.certificate(place.directory, place.domain)
    text = _put(
        (DOCS / "nginx.conf").read_text(),
        (f"/etc/letsencrypt/live/{EXAMPLE}/fullchain.pem", str(chain)),
        (f"/etc/letsencrypt/live/{EXAMPLE}/privkey.pem", str(key)),
        (EXAMPLE, place.domain),
        ("127.0.0.1:8000", f"127.0.0.1:{place.port}"),
        ("listen 80;", f"listen {place.address}:80;"),
        ("listen 443 ssl", f"listen {place.address}:443 ssl"),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("/var/log/nginx/", f"{place.directory}/"),
        ("/var/www/letsencrypt", str(place.directory)),
    )
    (place.directory / "site.conf").write_text(text)
    (place.directory / "nginx.conf").write_text(_NGINX.format(directory=place.directory))
    processes.start(
        "front",
        *("nginx", "-e", "stderr", "-p", place.directory, "-c", place.directory / "nginx.conf"),
        ready=lambda: accepts(place.address, 443),
    )


def _start_caddy(place: Place, processes: Processes) -> None:
    """The same for Caddy, which here has the farm's certificate in the place of one that it would get by itself."""
    chain, key = place.farm.certificate(place.directory, place.domain)
    text = _put(
        (DOCS / "Caddyfile").read_text(),
        (f"\n{EXAMPLE} {{", f"\n{{\n\tadmin off\n}}\n\n{EXAMPLE} {{\n\tbind {place.address}\n\ttls {chain} {key}"),
        (EXAMPLE, place.domain),
        ("127.0.0.1:8000", f"127.0.0.1:{place.port}"),
    )
    (place.directory / "Caddyfile").write_text(text)
    processes.start(
        "front",
        *("caddy", "run", "--adapter", "caddyfile", "--config", place.directory / "Caddyfile"),
        ready=lambda: accepts(place.address, 443) and accepts(place.address, 80),
        environment={
            "HOME": str(place.directory),
            "XDG_DATA_HOME": str(place.directory),
            "XDG_CONFIG_HOME": str(place.directory),
            "PATH": os.environ["PATH"],
        },
    )


SERVERS: dict[str, Callable[[Place, Processes], None]] = {"nginx": _start_nginx, "caddy": _start_caddy}


@contextmanager
def front(server: str, place: Place) -> Iterator[Processes]:
    """The web server, running until the end of the block."""
    processes = Processes(place.directory)
    try:
        SERVERS[server](place, processes)
        processes.wait()
        yield processes
    finally:
        processes.stop()
