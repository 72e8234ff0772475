"""For the operator's monitoring: is the process alive, can it serve, is there a worker."""

from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import MediaType, Response, get

from portal.accounts.permissions import anyone
from portal.assessments.tables import Worker
from portal.database import rows
from portal.web.guards import requires

WORKER_SEEN_WITHIN = timedelta(seconds=15)


@get("/health", media_type=MediaType.JSON, sync_to_thread=False, guards=[requires(anyone)])
def health() -> dict[str, str]:
    """The process answers; nothing else is looked at."""
    return {"status": "ok"}


@get("/ready", media_type=MediaType.JSON, guards=[requires(anyone)])
async def ready() -> Response[dict[str, Any]]:
    """200 where the database answers, 503 otherwise; and whether a worker is alive to do what is queued."""
    try:
        await rows("SELECT 1 FROM assessment LIMIT 1")
        alive = await Worker.count().where(Worker.beat_at > datetime.now(UTC) - WORKER_SEEN_WITHIN)
    except Exception:  # noqa: BLE001 - whatever the reason: not ready
        return Response({"status": "unavailable", "database": False, "workers": 0}, status_code=503)
    return Response({"status": "ok", "database": True, "workers": alive})
