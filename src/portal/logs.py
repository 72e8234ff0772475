"""Structured logs: one JSON object a line on standard error. Never tokens, answers or client addresses."""

import json
import logging
import sys
from datetime import UTC, datetime

from litestar.types import Message, Scope

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_QUIET = {
    "dbos": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "weasyprint": logging.ERROR,
    "fontTools": logging.ERROR,
}

access = logging.getLogger("portal.access")


class JsonLines(logging.Formatter):
    """Time (UTC), level, where and what, and whatever the caller gave as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({key: value for key, value in vars(record).items() if key not in _STANDARD})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str) -> None:
    """Sends all logs of this process through one handler."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    dbos = logging.getLogger("dbos")
    dbos.handlers, dbos.propagate = [handler], False  # it would bring a handler of its own, not of our form
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(max(quiet, logging.getLevelName(level)))


async def log_access(message: Message, scope: Scope) -> None:
    """One line for each response: the route's pattern instead of its path, which may hold a token."""
    if message["type"] == "http.response.start" and not scope["path"].startswith("/static/"):
        route = scope.get("path_template") or "unknown"
        access.info("response", extra={"method": scope.get("method"), "route": route, "status": message["status"]})
