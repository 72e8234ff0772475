"""What can go wrong in the competition, in its own words; pages translate these."""


class ChallengeError(Exception):
    """The root of the competition's errors."""


class TableError(ChallengeError):
    """A table cannot be used as a whole. `reason` is a clause about it: "it has no rows below its header"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RowError(ChallengeError):
    """A row of a table cannot be used. `row` is the number that a spreadsheet shows: the header is row 1."""

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(f"row {row}: {reason}")
        self.row, self.reason = row, reason


class ScoreError(ChallengeError):
    """Scores cannot be ranked. `place`: of the first one at fault, counted from 0; None: it is no single one."""

    def __init__(self, place: int | None, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


class VariancesError(ChallengeError):
    """A variance cannot be used: `name` is error, entry or juror, `value` what was given."""

    def __init__(self, name: str, value: float) -> None:
        super().__init__(f"the {name} variance cannot be {value:g}")
        self.name, self.value = name, value


class ComparisonError(ChallengeError):
    """Comparisons in pairs cannot be ranked. `place`: of the first at fault, from 0; None: no single one."""

    def __init__(self, place: int | None, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


class TopError(ChallengeError):
    """The best of less than one entry were asked for."""

    def __init__(self, top: int) -> None:
        super().__init__(f"the best {top} are none")
        self.top = top


class PersonError(ChallengeError):
    """Entries, jurors or their pairs do not make sense together. `name` is the entry's or the juror's id."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


class AssignmentError(ChallengeError):
    """There is no such assignment, or none was found."""


class UnreadableEntriesError(AssignmentError):
    """Entries cannot be read often enough: conflicts, maxima and the limit for the home city leave too few jurors.

    `short`: by entry, how many may read it together; `reads`: how many should.
    """

    def __init__(self, short: dict[str, int], reads: int) -> None:
        listed = ", ".join(f"{entry} ({found})" for entry, found in short.items())
        super().__init__(f"{reads} jurors are to read each entry, and fewer may read: {listed}")
        self.short, self.reads = short, reads


class TooFewReadsError(AssignmentError):
    """The jury cannot give as many reads as are needed. `short`: entries that went without, where it is about them."""

    def __init__(self, needed: int, available: int, short: tuple[str, ...] = ()) -> None:
        about = f"; too few are left for {', '.join(short)}" if short else ""
        super().__init__(f"{needed} reads are needed, {available} are available{about}")
        self.needed, self.available, self.short = needed, available, short


class UnconnectedPanelError(AssignmentError):
    """No assignment links all entries by jurors who read several, so that scores could not be compared.

    `needed` and `available` reads, where more of them would do; None where conflicts part the jury.
    """

    def __init__(self, needed: int | None = None, available: int | None = None) -> None:
        if needed is None:
            super().__init__("conflicts part the jury: not all entries can be linked by jurors who read several")
        else:
            wanted = f"{needed} reads are needed to link all entries and jurors, {available} are available"
            super().__init__(f"{wanted}: have more jurors read each entry")
        self.needed, self.available = needed, available


class DeckError(ChallengeError):
    """A file cannot be taken. `code`: a `challenge.decks.Fault`; `by`: how many bytes or pages it has too many."""

    def __init__(self, code: str, by: int = 0) -> None:
        super().__init__(code)
        self.code, self.by = code, by
