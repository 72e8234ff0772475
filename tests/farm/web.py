"""One nginx for all web sites, each at an address of its own."""

import signal
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.farm.authority import Authority, Certificate
from tests.farm.old_web import Temper, start_old_web
from tests.farm.policies import write_policies
from tests.farm.processes import Processes, until

OWN_ADDRESS = "198.18.0.80"
MODERN = ("TLSv1.2", "TLSv1.3")
GOOD_CERTIFICATE = Certificate()
GOOD_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
OLD_CIPHERS = "HIGH:!aNULL:@SECLEVEL=0"
"""What OpenSSL needs to speak the old versions, and to have small keys."""
ANY_CIPHERS = "ALL:eNULL:@SECLEVEL=0"
"""Everything that it has, even what encrypts nothing."""

GOOD_HEADERS: tuple[tuple[str, str], ...] = (
    ("Content-Security-Policy", "default-src 'self'; base-uri 'self'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
)
"""What a good site says beside its page, but for HSTS."""
_ANSWERS = 20


@dataclass(frozen=True, slots=True)
class Web:
    """How a site is served; the default is good.

    `certificate`: None for no HTTPS. `protocols`, `ciphers` (in OpenSSL's words): none where `https_lines` say it.
    `http`: what port 80 does: `redirect`, `serve`, `closed`, or where else it redirects to. `http_lines` and
    `https_lines`: further lines of nginx's configuration. `temper`: another server answers on port 443, one with a
    fault that no nginx of today can have; whoever applies lines for nginx has nginx there, as bad as the rest says.
    """

    certificate: Certificate | None = GOOD_CERTIFICATE
    protocols: tuple[str, ...] = MODERN
    http: str = "redirect"
    hsts: str | None = "max-age=31536000"
    headers: tuple[tuple[str, str], ...] = GOOD_HEADERS
    ciphers: str = GOOD_CIPHERS
    http_lines: tuple[str, ...] = ()
    https_lines: tuple[str, ...] = ()
    temper: Temper | None = None

    def https_block(self) -> list[str]:
        """Every line that says how port 443 answers, but for the certificate and the page."""
        lines = [*self.https_lines]
        if self.ciphers:
            lines.append(f"ssl_ciphers {self.ciphers};")
        if self.protocols:
            lines.append(f"ssl_protocols {' '.join(self.protocols)};")
        return [*lines, *(f'add_header {name} "{value}" always;' for name, value in self.all_headers())]

    def all_headers(self) -> list[tuple[str, str]]:
        """What port 443 says beside its page."""
        hsts = [] if self.hsts is None else [("Strict-Transport-Security", self.hsts)]
        return [*hsts, *self.headers]

    def http_block(self) -> list[str]:
        """Every line that says how port 80 answers, but for the page."""
        return [*self.http_lines]


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
worker_processes 1;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  server_tokens off;
  client_body_temp_path {directory}/tmp; proxy_temp_path {directory}/tmp; fastcgi_temp_path {directory}/tmp;
  uwsgi_temp_path {directory}/tmp; scgi_temp_path {directory}/tmp;
  server_names_hash_bucket_size 128;
  default_type text/html;
  server {{ listen {own_address}:80; location / {{ return 200 "{serial}"; }} }}
  include {directory}/sites/*.conf;
}}
"""
_HTTP = """server {{
  listen {address}:80;
  server_name {names};
  {lines}
  location / {{ {answer} }}
}}
"""
_HTTPS = """server {{
  listen {address}:443 ssl;
  server_name {names};
  ssl_certificate {directory}/{file}.pem;
  ssl_certificate_key {directory}/{file}.key;
  {lines}
  location / {{ {answer} }}
}}
"""
PAGE = "<!doctype html><title>Farm</title><p>Hello"
_PAGE = f'return 200 "{PAGE}\\n";'
_REDIRECT = "return 301 https://$host$request_uri;"


@dataclass(slots=True)
class WebServer:
    """The one nginx. At an address of its own it tells how often it was set up: so one knows when a change is there."""

    processes: Processes
    directory: Path
    authority: Authority
    _serial: int = 0

    def start(self, sites: list[Hosted], policies: Mapping[str, str]) -> None:
        """Writes the certificates, the configuration, and each domain's policy for its mail, and starts nginx."""
        (self.directory / "sites").mkdir(parents=True)
        (self.directory / "key.pem").write_bytes(self.authority.key_pem)
        for site in sites:
            self._write(site)
        write_policies(self.directory, self.authority, policies)
        # The machine's own OpenSSL policy may forbid what a broken site is meant to do.
        self.processes.start(
            "nginx",
            *("nginx", "-e", "stderr", "-p", self.directory, "-c", self._configure()),
            ready=self._is_current,
            environment={"OPENSSL_CONF": "/dev/null"},
        )
        for site in sites:
            self._start_old(site)

    def change(self, site: Hosted) -> None:
        """Serves a site otherwise; returns when it does. Raises TimeoutError where nginx does not take it."""
        self.processes.end(f"old-{site.names[0]}")
        self._write(site)
        self._configure()
        self.processes.signal("nginx", signal.SIGHUP)
        until(self._is_settled, "nginx")
        self._start_old(site)
        self.processes.wait()

    def _start_old(self, site: Hosted) -> None:
        if site.web.temper is not None:
            files = self.directory / f"{site.names[0]}.pem", self.directory / f"{site.names[0]}.key"
            page = "\r\n".join((*(f"{name}: {value}" for name, value in site.web.all_headers()), "", PAGE))
            start_old_web(self.processes, f"old-{site.names[0]}", (site.address, *files, site.web.temper.name, page))

    def _configure(self) -> Path:
        self._serial += 1
        config = self.directory / "nginx.conf"
        config.write_text(_NGINX.format(directory=self.directory, own_address=OWN_ADDRESS, serial=self._serial))
        return config

    def _is_settled(self) -> bool:
        """Whether it always answers as it was last set up: for a moment the old worker takes connections as well."""
        return all(self._is_current() for _ in range(_ANSWERS))

    def _is_current(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{OWN_ADDRESS}/", timeout=1) as answer:
                return bool(answer.read() == str(self._serial).encode())
        except OSError:
            return False

    def _write(self, site: Hosted) -> None:
        if site.web.certificate is not None:
            chain = self.authority.chain_pem(site.names, site.web.certificate)
            (self.directory / f"{site.names[0]}.pem").write_bytes(chain)
            key = self.authority.key_pem_of(site.web.certificate)
            (self.directory / f"{site.names[0]}.key").write_bytes(key)
        config = _http(site) + _https(site, self.directory)
        (self.directory / "sites" / f"{site.names[0]}.conf").write_text(config)


def _http(site: Hosted) -> str:
    if site.web.http == "closed":
        return ""
    answers = {"redirect": _REDIRECT, "serve": _PAGE}
    return _HTTP.format(
        address=site.address,
        names=" ".join(site.names),
        lines="\n  ".join(site.web.http_block()),
        answer=answers.get(site.web.http, f"return 302 {site.web.http};"),
    )


def _https(site: Hosted, directory: Path) -> str:
    web = site.web
    if web.certificate is None or web.temper is not None:
        return ""
    return _HTTPS.format(
        address=site.address,
        names=" ".join(site.names),
        directory=directory,
        file=site.names[0],
        lines="\n  ".join(web.https_block()),
        answer=_PAGE,
    )
