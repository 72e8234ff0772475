"""Where the domains' policies for mail (RFC 8461) are served from: a company of its own, as many mail services do."""

from collections.abc import Mapping
from pathlib import Path

from tests.farm.authority import Authority, Certificate

POLICY_ADDRESS = "198.18.0.81"
PATH = "/.well-known/mta-sts.txt"
STS = "v=STSv1; id=20261123"

_NGINX = """server {{
  listen {address}:443 ssl;
  server_name ~^mta-sts\\.;
  ssl_certificate {directory}/policies.pem;
  ssl_certificate_key {directory}/key.pem;
  root {directory}/policies/$host;
  default_type text/plain;
}}
"""


def policy_for(mail_hosts: tuple[str, ...], mode: str = "enforce", max_age: int = 604800) -> str:
    """A policy that names these mail servers."""
    lines = ("version: STSv1", f"mode: {mode}", *(f"mx: {host}" for host in mail_hosts), f"max_age: {max_age}")
    return "".join(f"{line}\r\n" for line in lines)


def location_of(text: str, kind: str = "text/plain") -> str:
    """The line of nginx's configuration with which a site tells a policy itself."""
    quoted = text.replace("\r\n", "\\n")
    return f'location = {PATH} {{ default_type {kind}; return 200 "{quoted}"; }}'


def write_policies(directory: Path, authority: Authority, policies: Mapping[str, str]) -> None:
    """The files, the certificate and the configuration of the server that tells each domain's policy."""
    hosts = tuple(f"mta-sts.{domain}" for domain in policies)
    (directory / "policies.pem").write_bytes(authority.chain_pem(hosts, Certificate()))
    for host, text in zip(hosts, policies.values(), strict=True):
        file = directory / "policies" / f"{host}{PATH}"
        file.parent.mkdir(parents=True)
        file.write_text(text, newline="")
    config = _NGINX.format(address=POLICY_ADDRESS, directory=directory)
    (directory / "sites" / "policies.conf").write_text(config)
