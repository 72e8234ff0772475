"""The tables of accounts. Unique indexes are made by the migrations, as SQL that both databases take."""

from piccolo.columns import JSON, UUID, BigInt, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table


class Session(Table, tablename="session"):
    """One browser that stored something. `id_hash`: SHA-256 of the cookie's value, which is kept nowhere."""

    id = UUID(default=UUID4(), primary_key=True)
    id_hash = Varchar(length=64)
    data = JSON(default="{}")
    created_at = Timestamptz(default=TimestamptzNow())
    seen_at = Timestamptz(default=TimestamptzNow())
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
