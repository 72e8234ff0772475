"""Broken domains: open doors."""

from tests.farm.site import Site, broken

BROKEN: tuple[Site, ...] = (
    broken("rdp", ("ports.remote_desktop", "open"), open_ports=(3389,)),
    broken("smb", ("ports.file_sharing", "open"), open_ports=(445,)),
    broken("redis", ("ports.database", "open"), open_ports=(6379,)),
)
