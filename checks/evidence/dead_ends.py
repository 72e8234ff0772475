"""Which of the domain's records lead to names that do not exist."""

from msgspec import Struct

from checks.evidence.lookups import Answer
from checks.evidence.registration import Register


class Vacancy(Struct, frozen=True):
    """The largest domain above a target that does not exist (RFC 8020), or the target itself.

    Where anybody could register such a name: `register` is what the registry says of it, and `denied` whether the
    name servers above it, asked directly, say that there is none; None where they were not asked or did not tell. A
    resolver may leave out a name that exists, to protect its users.
    """

    name: str
    register: Register | None = None
    denied: bool | None = None


class DeadEnd(Struct, frozen=True):
    """One record that leads nowhere.

    `owner` and `rdtype` say which record: CNAME, MX, NS, or TXT for a name in the SPF policy. `value` is what it
    names, and `target` the name at the end of its aliases. `vacancy` is None where it is not known, or the target
    exists and only has no address. `reserved`: a record of the domain's may keep others from claiming the target at
    the hosting service.
    """

    owner: str
    rdtype: str
    value: str
    target: str
    vacancy: Vacancy | None = None
    reserved: bool = False


class DeadEnds(Struct, frozen=True):
    """All that were found, and the questions without an answer, which may hide others."""

    ends: tuple[DeadEnd, ...]
    unanswered: tuple[Answer, ...] = ()
