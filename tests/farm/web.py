"""One nginx for all web sites, each at an address of its own."""

from dataclasses import dataclass
from pathlib import Path

from tests.farm.authority import Authority, Certificate
from tests.farm.processes import Processes, accepts

MODERN = ("TLSv1.2", "TLSv1.3")
GOOD_CERTIFICATE = Certificate()


@dataclass(frozen=True, slots=True)
class Web:
    """How a site is served; the default is good.

    `certificate`: None for no HTTPS. `http`: what port 80 does: `redirect`, `serve`, `closed`, or where else it
    redirects to.
    `https_lines`: further lines of nginx's configuration.
    """

    certificate: Certificate | None = GOOD_CERTIFICATE
    protocols: tuple[str, ...] = MODERN
    http: str = "redirect"
    hsts: str | None = "max-age=31536000"
    https_lines: tuple[str, ...] = ()


GOOD_WEB = Web()


@dataclass(frozen=True, slots=True)
class Hosted:
    """One site at its place: its names, the first one naming its files, and its address."""

    names: tuple[str, ...]
    address: str
    web: Web


_NGINX = """
daemon off;
user root root;
master_process off;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  server_tokens off;
  client_body_temp_path {directory}/tmp; proxy_temp_path {directory}/tmp; fastcgi_temp_path {directory}/tmp;
  uwsgi_temp_path {directory}/tmp; scgi_temp_path {directory}/tmp;
  server_names_hash_bucket_size 128;
  default_type text/html;
{servers}
}}
"""
_HTTP = "  server {{ listen {address}:80; server_name {names}; location / {{ {answer} }} }}\n"
_HTTPS = """  server {{
    listen {address}:443 ssl;
    server_name {names};
    ssl_certificate {directory}/{file}.pem;
    ssl_certificate_key {directory}/key.pem;
    ssl_protocols {protocols};
    ssl_ciphers {ciphers};
    {lines}
    location / {{ {answer} }}
  }}
"""
_PAGE = 'return 200 "<!doctype html><title>Farm</title><p>Hello\\n";'
_REDIRECT = "return 301 https://$host$request_uri;"


def start_web(processes: Processes, directory: Path, authority: Authority, sites: list[Hosted]) -> None:
    """Writes the certificates and the configuration, and starts nginx."""
    directory.mkdir()
    (directory / "key.pem").write_bytes(authority.key_pem)
    servers = "".join(_http(site) + _https(site, directory, authority) for site in sites)
    config = directory / "nginx.conf"
    config.write_text(_NGINX.format(directory=directory, servers=servers))
    doors = [(site.address, 80) for site in sites if site.web.http != "closed"]
    doors += [(site.address, 443) for site in sites if site.web.certificate]
    # The machine's own OpenSSL policy may forbid what a broken site is meant to do.
    processes.start(
        "nginx",
        *("nginx", "-e", "stderr", "-p", directory, "-c", config),
        ready=lambda: all(accepts(*door) for door in doors[-2:]),
        environment={"OPENSSL_CONF": "/dev/null"},
    )


def _http(site: Hosted) -> str:
    if site.web.http == "closed":
        return ""
    answers = {"redirect": _REDIRECT, "serve": _PAGE}
    answer = answers.get(site.web.http, f"return 302 {site.web.http};")
    return _HTTP.format(address=site.address, names=" ".join(site.names), answer=answer)


def _https(site: Hosted, directory: Path, authority: Authority) -> str:
    web = site.web
    if web.certificate is None:
        return ""
    file = site.names[0]
    (directory / f"{file}.pem").write_bytes(authority.chain_pem(site.names, web.certificate))
    lines = list(web.https_lines)
    if web.hsts is not None:
        lines.append(f'add_header Strict-Transport-Security "{web.hsts}" always;')
    old = set(web.protocols) - set(MODERN)
    return _HTTPS.format(
        address=site.address,
        names=" ".join(site.names),
        directory=directory,
        file=file,
        protocols=" ".join(web.protocols),
        ciphers="ALL:@SECLEVEL=0" if old else "HIGH:!aNULL",
        lines="\n    ".join(lines),
        answer=_PAGE,
    )
