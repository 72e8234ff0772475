"""What this installation knows about other firms: its file of official figures, and its own sheets."""

import logging
from functools import cache
from pathlib import Path

from portal import settings
from portal.assessments.catalogue import Catalogue
from portal.assessments.context import Figure, figures
from portal.assessments.context.peers import peers
from portal.assessments.context.sentences import Known
from portal.errors import ContextError

log = logging.getLogger(__name__)


async def known(catalogue: Catalogue) -> Known:
    """The figures of this process, and counts that are at most an hour old."""
    return Known(_figures(settings.current().context or figures.SHIPPED), await peers(catalogue))


@cache
def _figures(path: Path) -> tuple[Figure, ...]:
    """Read once. `serve` refuses a bad file at its start; one that was spoilt since then costs nobody a page."""
    try:
        return figures.read(path)
    except ContextError:
        log.exception("official figures cannot be read")
        return ()
