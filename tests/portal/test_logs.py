import json
import logging

from portal.logs import JsonLines


def line(**extra: object) -> dict[str, object]:
    record = logging.getLogger("portal").makeRecord("portal", logging.INFO, "f", 1, "%s!", ("Hi",), None, extra=extra)
    found: dict[str, object] = json.loads(JsonLines().format(record))
    return found


def test_line_is_json_with_what_the_caller_gave() -> None:
    found = line(domain="example.fi", count=3)
    assert {key: value for key, value in found.items() if key != "time"} == {
        "level": "info",
        "logger": "portal",
        "message": "Hi!",
        "domain": "example.fi",
        "count": 3,
    }


def test_time_is_utc() -> None:
    assert str(line()["time"]).endswith("+00:00")


def test_line_stays_one_line() -> None:
    record = logging.makeLogRecord({"msg": "two\nlines", "levelname": "INFO"})
    assert "\n" not in JsonLines().format(record)
