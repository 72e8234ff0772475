"""What mail servers said when asked to encrypt (RFC 3207)."""

from enum import StrEnum

from msgspec import Struct

from checks.evidence.lookups import HostAddresses, Reach
from checks.evidence.tls import Handshake


class Ending(StrEnum):
    """How a conversation with a mail server ended, the TCP connection standing or not.

    `UNREACHED`: see `reach`. `SILENT`: the time was up. `BROKEN_OFF`: it hung up in mid-conversation.
    `NOT_SMTP`: what answered does not speak SMTP. `TRY_LATER`: a 4xx reply (greylisting, overload).
    `TURNED_AWAY`: a 5xx greeting, or one to EHLO that is about us. `MASKED`: something on the way overwrites the
    offers with XXXX (some firewalls do). `NOT_OFFERED`: no STARTTLS among the offers. `TLS_REFUSED`: offered, but
    answered with 5xx. `TLS_FAILED`: offered and agreed, but answered with something else than TLS, or with a no in
    TLS. `CUT_OFF`: offered and agreed, but then it hung up. `ENCRYPTED`: it works.
    """

    UNREACHED = "unreached"
    SILENT = "silent"
    BROKEN_OFF = "broken-off"
    NOT_SMTP = "not-smtp"
    TRY_LATER = "try-later"
    TURNED_AWAY = "turned-away"
    MASKED = "masked"
    NOT_OFFERED = "not-offered"
    TLS_REFUSED = "tls-refused"
    TLS_FAILED = "tls-failed"
    CUT_OFF = "cut-off"
    ENCRYPTED = "encrypted"


class Conversation(Struct, frozen=True):
    """One conversation with one address; `code` is the reply code that ended it, where one did.

    `handshake` is there where STARTTLS was agreed; its chain was not required to be good.
    """

    address: str
    ending: Ending
    reach: Reach = Reach.OK
    code: int | None = None
    handshake: Handshake | None = None


class MailServer(Struct, frozen=True):
    """One mail server. `addresses` is None where its name cannot lead anywhere (see `MailHost`).

    `only_ipv6`: all its vetted addresses are IPv6 ones and this machine has no route there.
    """

    host: str
    addresses: HostAddresses | None
    conversations: tuple[Conversation, ...] = ()
    only_ipv6: bool = False


class MailServers(Struct, frozen=True):
    """The most preferred mail servers of the domain, each talked to.

    `port_blocked`: none of them could be reached, and neither could those of two large providers: it is our own
    network that is closed. `tls_passes`: a handshake came about at one of them or, where all failed, at one of those
    providers: nothing on our way prevents it. `offers_vanish`: those providers, who always offer encryption, were
    heard to offer none either: something on our way takes the offers out.
    """

    servers: tuple[MailServer, ...]
    port_blocked: bool = False
    tls_passes: bool = False
    offers_vanish: bool = False
