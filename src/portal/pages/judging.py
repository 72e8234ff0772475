"""Where organisers and the chair are: a call of their city, one of its rounds, one of its tracks."""

from msgspec import Struct

from challenge.terms import Track, told
from portal.accounts.cities import KnownCity, Told
from portal.awards import impartial
from portal.awards.impartial import Acting
from portal.calls import service as calls
from portal.calls.service import KnownCall
from portal.errors import NotAllowedError
from portal.juries import service as juries
from portal.juries.service import KnownRound
from portal.pages.page import AnyRequest
from portal.web.sessions import viewer_of


class Place(Struct, frozen=True):
    """`round`: the one that was asked for, or the latest; None before the first. `rounds`: all that were opened."""

    acting: Acting
    rounds: tuple[KnownRound, ...]
    round: KnownRound | None
    track: Track

    @property
    def call(self) -> KnownCall:
        """The call."""
        return self.acting.call

    @property
    def opened(self) -> KnownRound:
        """The round. Raises NotAllowedError where none was opened."""
        if self.round is None:
            raise NotAllowedError
        return self.round

    @property
    def locked(self) -> KnownRound:
        """The round, where it is locked. Raises NotAllowedError where it is not."""
        if self.opened.locked_at is None:
            raise NotAllowedError
        return self.opened

    @property
    def query(self) -> str:
        """What leads back to the same round and track."""
        return f"round={self.opened.kind.value}&track={self.track.id}"


async def place(request: AnyRequest, city: str, slug: str, kind: str = "", track: str = "") -> Place:
    """For an organiser.

    Raises:
        NotAllowedError: the city has no such call, the call no such track, or the viewer has entered it themselves.
    """
    found = await anybodys_place(request, city, slug, kind, track)
    await impartial.require(found.acting)
    return found


async def anybodys_place(request: AnyRequest, city: str, slug: str, kind: str = "", track: str = "") -> Place:
    """The same, where the caller looks who may see what. Raises NotAllowedError as `place` does."""
    call = await calls.of_city(slug, city)
    rounds = await juries.rounds_of(call.id)
    chosen = [each for each in rounds if each.kind == kind] if kind else rounds[-1:]
    tracks = [each for each in call.terms.tracks if track in {"", each.id}]
    if not tracks or (kind and not chosen):
        raise NotAllowedError
    acting = Acting(call, city_in(call, city), viewer_of(request))
    return Place(acting, tuple(rounds), chosen[-1] if chosen else None, tracks[0])


def city_in(call: KnownCall, city: str) -> KnownCity:
    """Raises NotAllowedError where the city does not make the call."""
    found = next((each for each in call.cities if each.slug == city), None)
    if found is None:
        raise NotAllowedError
    return found


def track_names(call: KnownCall, language: str) -> dict[str, Told]:
    """What the call's tracks are called, by id."""
    return {each.id: Told(*told(each.name, language, call.terms.languages)) for each in call.terms.tracks}


def criterion_names(call: KnownCall, language: str) -> dict[str, Told]:
    """The same of its criteria."""
    return {each.id: Told(*told(each.name, language, call.terms.languages)) for each in call.terms.criteria}
