"""What shows a check's findings while it runs, and the one that shows nothing (`--json`)."""

from collections.abc import Sequence
from typing import Protocol

from checks.contract import Finding
from checks.evidence.lookups import Vantage


class View(Protocol):
    """One way of showing a check while it runs and when it is done."""

    def begin(self) -> None:
        """The questions are on their way."""

    def add(self, finding: Finding) -> None:
        """One more finding."""

    def end(self, findings: Sequence[Finding], vantage: Vantage) -> None:
        """All of them are there."""

    def close(self) -> None:
        """Leaves the terminal as it was; called however the check ends."""


class Silent:
    """Shows nothing."""

    def begin(self) -> None:
        """Nothing to do."""

    def add(self, finding: Finding) -> None:
        """Nothing to do."""

    def end(self, findings: Sequence[Finding], vantage: Vantage) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""
