"""The table of awarded solutions. Its unique index is made by a migration, as SQL that both databases take."""

from piccolo.columns import JSON, UUID, Boolean, Date, DoublePrecision, ForeignKey, OnDelete, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from portal.accounts.tables import Organisation


class Solution(Table, tablename="solution"):
    """A startup's product that cities awarded in a challenge. It goes with the startup that offers it.

    `entry`: the id of what was judged; each is awarded once. `call`: the challenge's slug, `challenge` its title by
    language (JSON). `cities`: those that awarded it, each with `slug` and `name` by language (JSON). `piloted`: chosen
    for a pilot, else a winner. `title`, `summary`: in `language`. `closes`: ids of the questionnaire's questions.
    `price_eur`: what a firm of five pays in a year, VAT excluded, as said on `priced_on`; None while it is not said.
    `hours`, `skills`, `speaks`, `countries`, `website`: as in `challenge.entry.Content`. `expires_on`: the first day
    on which it is told nowhere any more; `withdrawn_at`: its cities took it back before that.
    """

    id = UUID(default=UUID4(), primary_key=True)
    organisation = ForeignKey(Organisation, on_delete=OnDelete.cascade, null=False)
    entry = UUID(default=UUID4())
    call = Varchar(length=60)
    challenge = JSON(default="{}")
    cities = JSON(default="[]")
    piloted = Boolean(default=False)
    title = Varchar(length=200)
    summary = Text(default="")
    language = Varchar(length=8)
    closes = JSON(default="[]")
    price_eur = DoublePrecision(null=True, default=None)
    priced_on = Date()
    hours = DoublePrecision(null=True, default=None)
    skills = Varchar(length=16, default="")
    speaks = JSON(default="[]")
    countries = JSON(default="[]")
    website = Text(default="")
    awarded_on = Date()
    expires_on = Date()
    withdrawn_at = Timestamptz(null=True, default=None)
    made_at = Timestamptz(default=TimestamptzNow())
