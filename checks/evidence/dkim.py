"""What stands where DKIM keys usually stand."""

from msgspec import Struct

from checks.evidence.lookups import Answer


class DkimAttempts(Struct, frozen=True):
    """The TXT answers at the selectors that were tried (RFC 6376, section 3.6.2); nobody can list them all.

    `stray` is the answer at a name that nobody can have chosen: where it has records, a wildcard gives them, and
    the same records elsewhere prove nothing. `providers`: the mail services whose selectors were tried as well.
    """

    tried: tuple[tuple[str, Answer], ...]
    stray: Answer
    providers: tuple[str, ...]

    @property
    def own(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each selector with its own records: what a wildcard gives everywhere is left out."""
        everywhere = set(self.stray.records)
        return tuple(
            (selector, tuple(text for text in answer.records if text not in everywhere))
            for selector, answer in self.tried
        )

    @property
    def unanswered(self) -> Answer | None:
        """The first question that got no answer."""
        return next((answer for _, answer in (*self.tried, ("", self.stray)) if not answer.answered), None)
