"""What goes wrong with one row of a round, such as a watch or an event, keeps no other from its turn."""

import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

log = logging.getLogger(__name__)


@asynccontextmanager
async def apart(kind: str, row_id: UUID) -> AsyncIterator[None]:
    """Logs whatever goes wrong in the block, and goes on behind it; the next round tries again.

    What an error says may hold an address, so that only its name and its place are told.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is
        place = "".join(traceback.format_tb(error.__traceback__))
        log.error("a turn failed", extra={kind: str(row_id), "error": type(error).__name__, "place": place})  # noqa: TRY400
