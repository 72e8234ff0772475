"""Writes what a soak run measured to docs/soak/DATE-COMMIT.md."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parent.parent


def main(junit: str) -> None:
    """Turns pytest's JUnit file (its cases' `record_property` values are the figures) into a table."""
    commit = subprocess.check_output(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], text=True).strip()
    today = datetime.now(UTC).date().isoformat()
    rows = [_row(case) for case in ET.parse(junit).iter("testcase")]  # noqa: S314 - pytest wrote it a moment ago
    lines = [
        f"# Soak run of {today}, commit {commit}",
        "",
        "| test | result | seconds | figures |",
        "| --- | --- | --- | --- |",
        *rows,
    ]
    target = ROOT / "docs" / "soak" / f"{today}-{commit}.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {target.relative_to(ROOT)}")


def _row(case: ET.Element) -> str:
    outcome = next((kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None), "passed")
    figures = "; ".join(f"{entry.get('name')}: {entry.get('value')}" for entry in case.iter("property"))
    return f"| {case.get('name')} | {outcome} | {float(case.get('time', 0)):.0f} | {figures} |"


if __name__ == "__main__":
    main(sys.argv[1])
