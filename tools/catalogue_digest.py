"""Locks the questionnaire's version by writing its digest down: `.venv/bin/python tools/catalogue_digest.py`.

A version with another digest is refused: raise the version in `version.toml` first. `--again` writes it all the same;
that is right only while nobody has answered this version.
"""

import sys

from portal.assessments.catalogue import current
from portal.assessments.catalogue.digest import LOCK, digest, recorded

HEADER = """# The digest of every version of the questionnaire, written by tools/catalogue_digest.py and held by a test.
"""


def main() -> int:
    """Writes the digest of today's version. Returns 1 where that version is locked with another content."""
    catalogue = current()
    known, now = recorded() if LOCK.exists() else {}, digest(catalogue)
    if known.get(catalogue.version, now) != now and "--again" not in sys.argv[1:]:
        print(f"{catalogue.version} is locked with another content: raise the version in version.toml first.")
        return 1
    lines = [f'"{version}" = "{value}"\n' for version, value in sorted({**known, catalogue.version: now}.items())]
    LOCK.write_text(HEADER + "".join(lines), encoding="utf-8")
    print(f"{catalogue.version} = {now}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
