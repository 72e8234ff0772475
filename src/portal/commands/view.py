"""Where a check's findings are shown: nowhere (`--json`), as plain text, or live on a terminal in colour."""

from collections.abc import Callable, Sequence
from typing import Protocol, TextIO

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


def choose(stream: TextIO) -> Callable[[str, str], View]:
    """What makes the view for this stream, from a domain and a language."""
    if stream.isatty():
        from portal.commands.live import Live  # noqa: PLC0415 - start-up: a pipe needs no colours

        return Live
    from portal.commands.plain import Plain  # noqa: PLC0415 - start-up: --json needs no words

    return Plain
