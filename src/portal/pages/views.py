"""How somebody looks at a result: what of it, with whose steps, and about which finding; all of it in the address."""

from urllib.parse import urlencode

from msgspec import Struct, field
from msgspec.structs import replace

from portal.assessments.consoles import ROLES, is_known
from portal.assessments.outline import TOPICS
from portal.assessments.sifting import Kind, Wish
from portal.pages.page import AnyRequest

LONGEST = 400
"""Of one value; a finding's name is a check's id and a host name."""


class View(Struct, frozen=True):
    """`chosen`: pairs of a role and a provider's id, or `consoles.GENERAL`. `about`: what was checked again."""

    wish: Wish = field(default_factory=Wish)
    chosen: tuple[tuple[str, str], ...] = ()
    about: str = ""

    def at(self, *, topic: str | None = None, kind: str | None = None) -> str:
        """The query of the same view, with another topic or kind."""
        wish = Wish(self.wish.topic if topic is None else topic, self.wish.kind if kind is None else kind)
        return replace(self, wish=wish).query

    def whole(self) -> str:
        """The query of the same view, with nothing left out."""
        return replace(self, wish=Wish()).query

    def choosing(self, role: str, provider: str) -> str:
        """The query of the same view, with that provider's steps in that role; empty for the one that we saw."""
        others = tuple(pair for pair in self.chosen if pair[0] != role)
        return replace(self, chosen=(*others, (role, provider)) if provider else others).query

    def of_finding(self, about: str) -> str:
        """The query with which a new check tells what became of that finding; whose steps are told is kept."""
        return View(chosen=self.chosen, about=about).query

    @property
    def query(self) -> str:
        """All of it, as the end of an address; empty for a whole result as we ourselves see it."""
        pairs = [("about", self.about), ("topic", self.wish.topic), ("show", self.wish.kind), *self.chosen]
        said = [pair for pair in pairs if pair[1]]
        return f"?{urlencode(said)}" if said else ""


def view_of(request: AnyRequest) -> View:
    """What the address asks for. Nonsense in it counts for nothing: the page is the whole result."""
    given = request.query_params
    topic, kind = given.get("topic", ""), given.get("show", "")
    chosen = ((role, given.get(role, "")) for role in ROLES)
    return View(
        wish=Wish(topic if topic in TOPICS else "", kind if kind in set(Kind) else ""),
        chosen=tuple((role, name) for role, name in chosen if is_known(name)),
        about=given.get("about", "")[:LONGEST],
    )
