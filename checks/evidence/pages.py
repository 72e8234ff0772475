"""What a visitor finds over an encrypted connection: the front page, and the file for those who report flaws."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from checks.evidence.tls import Handshake
from checks.evidence.web import HttpAnswer, Trail


class Arrival(Struct, frozen=True):
    """Where an https URL led, redirects followed.

    `trail`, as for http, begins with that URL; `host` and `address` are where the last answer came from, `secure` that
    it came over https. `handshakes` are all those on the way, each with the host name that it was for.
    """

    trail: Trail
    answer: HttpAnswer
    host: str
    address: str
    secure: bool = True
    handshakes: tuple[tuple[str, Handshake], ...] = ()


class FrontPages(Struct, frozen=True):
    """Where https://host/ leads, for the domain and its www name; those are missing that gave no answer.

    `seen_at` is aware UTC.
    """

    arrivals: Mapping[str, Arrival]
    seen_at: datetime


class SecurityFiles(Struct, frozen=True):
    """Where the security.txt of each host is, or would be (RFC 9116, section 3); see `FrontPages`."""

    arrivals: Mapping[str, Arrival]
    seen_at: datetime
