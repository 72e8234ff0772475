"""Shakes hands with servers: once as a visitor would, and once for each protocol version."""

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache

from checks.evidence.tls import Handshake, HandshakeEnd

_LEGACY_SERVER_CONNECT = 0x4
"""OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT, which Python names from 3.12 on: servers without RFC 5746 are seen too."""

_ENDS: Mapping[str, HandshakeEnd] = {
    "WRONG_VERSION_NUMBER": HandshakeEnd.NOT_TLS,
    "HTTP_REQUEST": HandshakeEnd.NOT_TLS,
    "PACKET_LENGTH_TOO_LONG": HandshakeEnd.NOT_TLS,
    "RECORD_LAYER_FAILURE": HandshakeEnd.NOT_TLS,
    "UNEXPECTED_MESSAGE": HandshakeEnd.NOT_TLS,
    "UNSUPPORTED_PROTOCOL": HandshakeEnd.TOO_OLD,
    "TLSV1_ALERT_PROTOCOL_VERSION": HandshakeEnd.TOO_OLD,
    # A word about us, as firewalls have it for programs that they do not know; visitors may fare better.
    "TLSV1_ALERT_ACCESS_DENIED": HandshakeEnd.DROPPED,
}


async def shake_hands(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, until: float, *, http: bool = False
) -> Handshake:
    """Encrypts a standing connection, whatever the certificate, and says what was seen; never raises for the server.

    Afterwards the two streams carry the encrypted conversation if it ended OK, and nothing else if not.

    Args:
        reader: the connection's reader; everything before the handshake has been read from it.
        writer: the connection's writer.
        host: the server's name for SNI (RFC 6066, section 3).
        until: the deadline, by the event loop's clock.
        http: whether to ask for HTTP/1.1 by ALPN (RFC 7301).
    """
    del reader  # asyncio carries it over by itself; asking for it keeps callers from losing it
    try:
        async with asyncio.timeout_at(until):
            await writer.start_tls(_context(http=http), server_hostname=host)
    except TimeoutError:
        return Handshake(HandshakeEnd.TIMEOUT)
    except ssl.SSLError as error:
        return Handshake(_end_of(error), detail=error.reason or "")
    except (OSError, ValueError) as error:
        return Handshake(HandshakeEnd.DROPPED, detail=type(error).__name__)
    return _seen(writer.get_extra_info("ssl_object"))


def _end_of(error: ssl.SSLError) -> HandshakeEnd:
    reason = error.reason or ""
    if reason in _ENDS:
        return _ENDS[reason]
    # An alert is the server's word; anything else (an early end, a message that OpenSSL cannot read) is not.
    return HandshakeEnd.REFUSED if reason.startswith(("TLSV1_", "SSLV3_", "TLSV13_")) else HandshakeEnd.DROPPED


def _seen(session: ssl.SSLObject) -> Handshake:
    from checks.gather.chains import chain_of  # noqa: PLC0415 - start-up: loaded while servers are being called

    chain, trust = chain_of(session)
    cipher = session.cipher()
    return Handshake(
        HandshakeEnd.OK, version=session.version(), cipher=cipher[0] if cipher else None, chain=chain, trust=trust
    )


@cache
def _context(*, http: bool) -> ssl.SSLContext:
    """Everything the local OpenSSL can, old and weak included: we look, and judge afterwards."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= _LEGACY_SERVER_CONNECT
    if http:
        context.set_alpn_protocols(["http/1.1"])
    return context
