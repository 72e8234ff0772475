"""A check as plain text in one go: nothing is broken into lines, so that other programs can search it."""

import sys
from collections.abc import Sequence

from checks.contract import Finding
from checks.evidence.lookups import Vantage
from portal.commands.telling import GAP, Role, Row, Teller, clean
from portal.commands.view import Silent

_INDENT = {Role.FINDING: "  ", Role.WHY: "      ", Role.EFFORT: "   ", Role.STEP: "   ", Role.TO_COPY: "      "}


class Plain(Silent):
    """Waits for the end."""

    def __init__(self, domain: str, language: str) -> None:
        self._teller = Teller(domain, language)

    def end(self, findings: Sequence[Finding], vantage: Vantage) -> None:
        """Prints it all, topic by topic, and the verdict last."""
        teller = self._teller
        rows = [teller.title(), GAP, *teller.topics(findings), *teller.summary(findings, vantage)]
        sys.stdout.write("".join(f"{line(row)}\n" for row in rows))


def line(row: Row) -> str:
    """The row as one line: `  Fix now: …`, `   - …`."""
    separator = ": " if row.role is Role.FINDING else " "
    label = f"{row.label}{separator}" if row.label else ""
    return f"{_INDENT.get(row.role, '')}{label}{clean(row.text)}"
