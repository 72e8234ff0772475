"""The tables of accounts. Unique indexes are made by the migrations, as SQL that both databases take."""

from enum import StrEnum

from piccolo.columns import JSON, UUID, BigInt, Boolean, Bytea, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table


class Person(Table, tablename="person"):
    """Somebody who signed in with the link in a letter. `address_hash`: the address's pseudonym, by which it is found.

    `pseudonym`: how the audit log calls them. It stands here alone, so that with this row nobody can tell any more
    whom the log means. `warned_at`: when we last wrote to them that their account will go (`portal.privacy.retention`).
    """

    id = UUID(default=UUID4(), primary_key=True)
    address = Varchar(length=254)
    address_hash = Varchar(length=64)
    name = Varchar(length=100, default="")
    language = Varchar(length=8)
    pseudonym = Varchar(length=32)
    created_at = Timestamptz(default=TimestamptzNow())
    seen_at = Timestamptz(default=TimestamptzNow())
    warned_at = Timestamptz(null=True, default=None)


class SignInLink(Table, tablename="sign_in_link"):
    """One letter's link, which signs in whoever has that address; spending it deletes it.

    `token_hash`: SHA-256 of what the link holds, which is kept nowhere. `wanted`: where its reader wanted to go on,
    and what they wanted to keep (`portal.accounts.signing_in`), JSON.
    """

    id = UUID(default=UUID4(), primary_key=True)
    token_hash = Varchar(length=64)
    address = Varchar(length=254)
    language = Varchar(length=8)
    wanted = JSON(default="{}")
    created_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(default=TimestamptzNow())


class Session(Table, tablename="session"):
    """One browser that stored something. `id_hash`: SHA-256 of the cookie's value, which is kept nowhere.

    `person`: who is signed in there. `second_step_at`: when they last showed their second factor in it. `device`: the
    browser and system as its owner would call them, for the list of sessions.
    """

    id = UUID(default=UUID4(), primary_key=True)
    id_hash = Varchar(length=64)
    data = JSON(default="{}")
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=True)
    second_step_at = Timestamptz(null=True, default=None)
    device = Varchar(length=100, default="")
    created_at = Timestamptz(default=TimestamptzNow())
    seen_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(default=TimestamptzNow())


class Passkey(Table, tablename="passkey"):
    """A passkey as second factor (WebAuthn level 3). `credential`: its id; `uses`: its counter; `name`: its owner's."""

    id = UUID(default=UUID4(), primary_key=True)
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False)
    credential = Bytea()
    public_key = Bytea()
    uses = BigInt(default=0)
    name = Varchar(length=60, default="")
    created_at = Timestamptz(default=TimestamptzNow())
    used_at = Timestamptz(null=True, default=None)


class PasskeyChallenge(Table, tablename="passkey_challenge"):
    """What a passkey is to sign next in a session, for one `purpose` at a time; spending it deletes it."""

    id = UUID(default=UUID4(), primary_key=True)
    session = ForeignKey(Session, on_delete=OnDelete.cascade, null=False)
    purpose = Varchar(length=16)
    challenge = Bytea()
    expires_at = Timestamptz(default=TimestamptzNow())


class Authenticator(Table, tablename="authenticator"):
    """An app that shows codes (TOTP, RFC 6238) as second factor; a person has at most one.

    `secret`: encrypted with a key of the installation. `last_step`: the time step of the newest code that was taken,
    so that none counts twice. `confirmed_at`: when its owner first showed a code of it.
    """

    id = UUID(default=UUID4(), primary_key=True)
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False)
    secret = Bytea()
    last_step = BigInt(default=0)
    created_at = Timestamptz(default=TimestamptzNow())
    confirmed_at = Timestamptz(null=True, default=None)


class RecoveryCode(Table, tablename="recovery_code"):
    """A code to print, for when every second factor is lost; using it deletes it. `code_hash`: salted by the person."""

    id = UUID(default=UUID4(), primary_key=True)
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False)
    code_hash = Varchar(length=64)


class OrganisationKind(StrEnum):
    """What people do together."""

    FIRM = "firm"
    """Has its domains and ways looked at; its people are owners, and whom they invite."""
    STARTUP = "startup"
    """Enters challenges; its people are a team of entrants."""


class Organisation(Table, tablename="organisation"):
    """A firm or a startup. What belongs to it goes with it."""

    id = UUID(default=UUID4(), primary_key=True)
    kind = Varchar(length=16)
    name = Varchar(length=100)
    created_at = Timestamptz(default=TimestamptzNow())


class Membership(Table, tablename="membership"):
    """One person's place in an organisation. `is_owner`: may invite, remove and give the organisation up."""

    id = UUID(default=UUID4(), primary_key=True)
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False)
    organisation = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=False)
    is_owner = Boolean(default=False)
    joined_at = Timestamptz(default=TimestamptzNow())


class City(Table, tablename="city"):
    """A city that has a programme here. `slug` stands in addresses and never changes.

    `name`, `privacy` (what the city does with what it sees): JSON, by language. `languages`: those that its people
    read, comma-separated, its own first. `zone`: of the IANA database. `country`: ISO 3166-1 alpha-2.
    """

    id = UUID(default=UUID4(), primary_key=True)
    slug = Varchar(length=40)
    name = JSON(default="{}")
    country = Varchar(length=2)
    languages = Varchar(length=40)
    zone = Varchar(length=40)
    contact = Varchar(length=254, default="")
    privacy = JSON(default="{}")
    created_at = Timestamptz(default=TimestamptzNow())


class RoleKind(StrEnum):
    """What somebody may do besides their own affairs. All of them need a second factor."""

    ADMINISTRATOR = "administrator"
    """Makes cities and gives roles, anywhere."""
    ORGANISER = "organiser"
    """Runs a city's programme."""
    JUROR = "juror"
    """Judges entries to a city's calls."""


class Role(Table, tablename="role"):
    """One person's role, in one city; an administrator's in none."""

    id = UUID(default=UUID4(), primary_key=True)
    person = ForeignKey(Person, on_delete=OnDelete.cascade, null=False)
    kind = Varchar(length=16)
    city = ForeignKey(City, on_delete=OnDelete.cascade, null=True)
    granted_at = Timestamptz(default=TimestamptzNow())


class Invitation(Table, tablename="invitation"):
    """Somebody is asked into an organisation, or to take a role; whoever signs in with that address may say yes.

    `address_hash`: as in `Person`. `role`: a `RoleKind`, empty for an organisation. `invited_by`: how the letter and
    the page call whoever asks.
    """

    id = UUID(default=UUID4(), primary_key=True)
    address = Varchar(length=254)
    address_hash = Varchar(length=64)
    organisation = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=True)
    role = Varchar(length=16, default="")
    city = ForeignKey(City, on_delete=OnDelete.cascade, null=True)
    invited_by = Varchar(length=254, default="")
    created_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(default=TimestamptzNow())


class DomainProof(Table, tablename="domain_proof"):
    """One holder's claim to a domain: `token` is to stand in a TXT record of it until `expires_at`."""

    id = UUID(default=UUID4(), primary_key=True)
    holder = Varchar(length=64)
    domain = Varchar(length=253)
    token = Varchar(length=64)
    created_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz(default=TimestamptzNow())
    verified_at = Timestamptz(null=True, default=None)


class Allowance(Table, tablename="allowance"):
    """One limit's state (see `portal.accounts.limits`). `used_until` is in microseconds since 1970."""

    id = UUID(default=UUID4(), primary_key=True)
    key_hash = Varchar(length=64)
    used_until = BigInt(default=0)
