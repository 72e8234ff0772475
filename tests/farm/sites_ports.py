"""Broken domains: open doors."""

from tests.farm.site import Site, broken

BROKEN: tuple[Site, ...] = (
    broken("rdp", ("ports.remote_desktop", "open"), open_ports=(3389,)),
    broken("smb", ("ports.file_sharing", "open"), open_ports=(445,)),
    broken("telnet", ("ports.telnet", "open"), open_ports=(23,)),
    broken("ftp", ("ports.ftp", "open"), open_ports=(21,)),
    broken("redis", ("ports.database", "open"), open_ports=(6379,)),
    broken("vnc", ("ports.remote_admin", "open"), open_ports=(5900,)),
    broken("ldap", ("ports.directory", "open"), open_ports=(389,)),
    broken("imap", ("ports.cleartext_mail", "open"), open_ports=(143,)),
)
