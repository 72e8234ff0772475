"""How to sign in as each role: a link of the usual kind, and a recovery code for whoever needs a second step."""

from msgspec import Struct

from portal.accounts import recovery, signing_in
from portal.accounts.tables import Authenticator, Person
from portal.demo import filling, texts
from portal.demo.cast import host_of
from portal.errors import NotADemoError, PersonNotFoundError
from portal.mail_addresses import pseudonym

STARTUP = "startup"
_SHOWN = "open"


class WayIn(Struct, frozen=True):
    """`path`: of the link, which lasts ten minutes; `code`: empty where no second step is needed."""

    role: str
    name: str
    path: str
    code: str


def roles() -> dict[str, str]:
    """By how the command calls them, the addresses of those who can be signed in as."""
    founder = texts.entries(_SHOWN)[0].by
    return {each.signs_in: each.address for each in texts.people()} | {STARTUP: f"founder@{host_of(founder)}"}


async def way_in(role: str) -> WayIn:
    """A new link and a new code for one of `roles`; earlier codes are worthless.

    Raises:
        NotADemoError: this installation was not filled by `kyberkunto demo`.
        PersonNotFoundError: they have had their account deleted.
    """
    if not await filling.is_filled():
        raise NotADemoError
    person = await Person.objects().where(Person.address_hash == pseudonym(roles()[role])).first()
    if person is None:
        raise PersonNotFoundError
    has_app = await Authenticator.exists().where(Authenticator.person == person.id)
    code = (await recovery.renew(person.id))[0] if has_app else ""
    return WayIn(role, person.name, await signing_in.link_for(person.address, person.language), code)
