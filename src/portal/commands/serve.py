"""`kyberkunto serve`: migrates, then runs a web process and a worker until it is told to stop."""

import argparse
import ipaddress
import logging
import socket

from portal.commands.common import run_or_refuse, settings_or_refuse
from portal.commands.usage import UsageError
from portal.errors import ContextError
from portal.settings import Settings

log = logging.getLogger(__name__)

BACKLOG = 512


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Returns 0 after SIGTERM or Ctrl-C, when all its processes have ended."""
    chosen = settings_or_refuse()
    _require_figures(chosen)
    from portal import logs  # noqa: PLC0415 - read the settings, which may have to be refused first
    from portal.migrating import migrate  # noqa: PLC0415 - the same
    from portal.supervisor import Supervisor, children  # noqa: PLC0415 - the same

    logs.configure(chosen.log_level)
    run_or_refuse(migrate(chosen))
    secure = secure_cookies(chosen, args.host)
    _warn(chosen, args.host, secure=secure)
    with _listen(args.host, args.port) as listening:
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{port}/"
        print(f"Kyberkunto: open {chosen.public_url or url} in a browser. Ctrl-C ends it.", flush=True)  # noqa: T201 - a command talks
        log.info("serving", extra={"url": url, "public_url": chosen.public_url})
        Supervisor(children(listening, secure_cookies=secure)).run()
    return 0


def secure_cookies(chosen: Settings, host: str) -> bool:
    """Whether cookies are `__Host-` and Secure: always, but for plain http on loopback."""
    return chosen.https or not _is_loopback(host)


def _require_figures(chosen: Settings) -> None:
    """Raises UsageError where the operator's file of official figures cannot be used."""
    if chosen.context is None:
        return
    from portal.assessments.context import figures  # noqa: PLC0415 - only where there is such a file

    try:
        figures.read(chosen.context)
    except ContextError as error:
        raise UsageError("setting", f"KYBERKUNTO_CONTEXT: {error}") from error


def _warn(chosen: Settings, host: str, *, secure: bool) -> None:
    if not secure:
        log.warning("plain http on loopback: cookies are neither Secure nor bound to this host; for trying out only")
    elif not chosen.https:
        log.warning("plain http on %s: browsers keep our cookies over https only, so forms will not work; put a "
                    "reverse proxy with TLS before it and set KYBERKUNTO_PUBLIC_URL", host)  # fmt: skip
    if chosen.allow_networks:
        allowed = ", ".join(str(network) for network in chosen.allow_networks)
        log.warning("checks may connect to networks that are not public: %s", allowed)


def _listen(host: str, port: int) -> socket.socket:
    """The listening socket, opened once and kept while web processes come and go. Raises UsageError."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        raise UsageError("address", f"cannot listen on {host} port {port}: {error}") from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
