"""What any visitor of the front page sees: the answers on ports 80 and 443, and where they lead."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from checks import contract
from checks.contract import Outcome
from checks.evidence.lookups import HostAddresses, Reach
from checks.evidence.tls import Handshake, HandshakeEnd
from checks.records.locations import Target, resolve

_SPEAKS_TLS = {HandshakeEnd.OK, HandshakeEnd.TOO_OLD}
_SHOWS_SOMETHING = {*range(200, 300), 401}
"""A page, or the question for a password (RFC 9110, section 15.5.2)."""
_PROVEN_WITHOUT = {HandshakeEnd.REFUSED, HandshakeEnd.NOT_TLS}


class HttpAnswer(Struct, frozen=True):
    """The head of an HTTP/1.1 response (RFC 9112): header names in lower case, in the order they came.

    `page` is what was read of an ordinary answer's (200) page within 64 KB, as sent (see `checks.records.http_body`);
    `cut_off` says that we stopped reading before the server ended.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    page: bytes = b""
    cut_off: bool = False

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of that header; the name in lower case."""
        return tuple(value for key, value in self.headers if key == name)

    @property
    def location(self) -> str | None:
        """Where a redirect points, as written. None for an answer that is no redirect (RFC 9110, section 15.4)."""
        found = self.values("location")
        return found[0] if found and self.status in {301, 302, 303, 307, 308} else None


class Visit(Struct, frozen=True):
    """One request for the front page at one address.

    `reach` is OK where the connection stood; `handshake` is None on port 80 and where there was no connection;
    `answer` is None where no HTTP came back, and `silent` says that it was for want of time.
    """

    reach: Reach
    handshake: Handshake | None = None
    answer: HttpAnswer | None = None
    silent: bool = False

    @property
    def reason(self) -> Outcome:
        """The shared `unknown` outcome that names why no answer was seen."""
        if self.reach is not Reach.OK:
            return self.reach.reason
        if self.silent or (self.handshake and self.handshake.end is HandshakeEnd.TIMEOUT):
            return contract.CONNECTION_TIMEOUT
        return contract.CONNECTION_FAILED


class Door(Struct, frozen=True):
    """One address of a host: `http` is its port 80, `https` its port 443."""

    address: str
    http: Visit
    https: Visit

    @property
    def encrypts(self) -> bool:
        """Whether port 443 speaks TLS."""
        return self.https.handshake is not None and self.https.handshake.end in _SPEAKS_TLS

    @property
    def lacks_encryption(self) -> bool:
        """Whether port 443 was seen not to: closed, or answering that it cannot."""
        shaken = self.https.handshake
        return self.https.reach is Reach.REFUSED or (shaken is not None and shaken.end in _PROVEN_WITHOUT)


class WebHost(Struct, frozen=True):
    """One host name with each of its addresses that was looked at.

    `unseen` says why where none was: no route of ours to IPv6, only private addresses, a failed question.
    """

    host: str
    addresses: HostAddresses
    doors: tuple[Door, ...]
    unseen: Outcome | None = None

    @property
    def encrypted(self) -> tuple[Door, ...]:
        """The addresses that speak TLS."""
        return tuple(door for door in self.doors if door.encrypts)

    @property
    def unencrypted(self) -> tuple[Door, ...]:
        """The addresses that show the site over http, and were seen not to encrypt."""
        return tuple(door for door in self.doors if door.lacks_encryption and door.http.answer is not None)

    @property
    def handshakes(self) -> tuple[tuple[str, Handshake], ...]:
        """The completed handshakes, by address: those that showed a certificate."""
        shaken = ((door.address, door.https.handshake) for door in self.doors)
        return tuple((address, seen) for address, seen in shaken if seen and seen.end is HandshakeEnd.OK)

    @property
    def without_https(self) -> Outcome:
        """Why a check that rests on HTTPS has nothing to look at; meant where that is so at every address."""
        if self.unseen is not None:
            return self.unseen
        if self.unencrypted or self.encrypted:
            return contract.NO_HTTPS
        for door in self.doors:
            if not door.lacks_encryption:
                return door.https.reason
        half_open = [door for door in self.doors if door.http.reach is not Reach.REFUSED]
        return half_open[0].http.reason if half_open else contract.NO_WEB


class WebHosts(Struct, frozen=True):
    """The domain itself and its www name: those that have an address, or whose addresses could not be looked up.

    `seen_at` is aware UTC: the time by which certificates are judged.
    """

    hosts: tuple[WebHost, ...]
    seen_at: datetime


class TrailEnd(StrEnum):
    """Why following redirects ended."""

    ANSWERED = "answered"
    OTHER_SITE = "other-site"
    TOO_MANY = "too-many"
    NOT_FOLLOWED = "not-followed"
    NO_ANSWER = "no-answer"


class Trail(Struct, frozen=True):
    """Where http://host/ led from one address: the URLs in order, the first one included.

    The last URL is the one that answered, was not asked (another site, a port that we do not go to) or gave
    no answer; `reason` then says why, and `status` is the last answer's. A filter's page over http is none either.
    `by_page`: the last page itself seems to send its reader on to https, as only a browser could follow.
    """

    urls: tuple[str, ...]
    end: TrailEnd
    status: int | None = None
    reason: Outcome | None = None
    by_page: bool = False

    @property
    def in_the_open(self) -> bool:
        """Whether it ends at a site, or at the question for a password, on an unencrypted connection."""
        secure = self.by_page or self.urls[-1].startswith("https://")
        return self.end is TrailEnd.ANSWERED and not secure and self.status in _SHOWS_SOMETHING


class Trails(Struct, frozen=True):
    """The trail from each host and address whose port 80 answered: (host, address) to trail."""

    trails: Mapping[tuple[str, str], Trail]

    def leads_back(self, host: WebHost) -> bool:
        """Whether the host's encrypted front page only sends visitors on to a page that is seen in the open."""
        answers = (door.https.answer for door in host.encrypted)
        places = {
            str(resolve(Target(host.host, secure=True), answer.location))
            for answer in answers
            if answer and answer.location
        }
        return any(trail.in_the_open and places.intersection(trail.urls) for trail in self.trails.values())
