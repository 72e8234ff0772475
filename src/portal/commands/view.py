"""What shows a check's findings while it runs, and the two that need no words of ours (`--json`, `--json-lines`)."""

import json
import sys
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


class Lines(Silent):
    """Each finding as one line of JSON, the moment it is there; in the form that it has in the document."""

    def __init__(self, domain: str, language: str) -> None:
        self._domain, self._language = domain, language

    def add(self, finding: Finding) -> None:
        """Prints it; who reads on need not wait."""
        from checks.document import finding_document  # noqa: PLC0415 - start-up: after the first answer

        sys.stdout.write(f"{json.dumps(finding_document(finding, self._domain, self._language))}\n")
        sys.stdout.flush()
