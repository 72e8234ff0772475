from datetime import date

import pytest

from checks.records.serial import day_of, is_newer, newest


@pytest.mark.parametrize(
    ("one", "other", "newer"),
    [
        (2, 1, True),
        (1, 2, False),
        (1, 1, False),
        (0, 2**32 - 1, True),
        (2**31, 1, True),
        (2**31, 0, False),
        (0, 2**31, False),
    ],
)
def test_order_follows_rfc_1982(one: int, other: int, newer: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert is_newer(one, other) is newer


def test_newest_of_several() -> None:
    assert newest([5, 7, 6]) == newest({7}) == 7
    assert newest([4294967290, 3]) == 3
    assert newest([0, 2**31]) == 2**31


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (2026112301, date(2026, 11, 23)),
        (1795392000, date(2026, 11, 23)),
        (2026139901, None),
        (20261123, None),
        (1, None),
        (0, None),
        (4294967295, None),
        (1900000000, None),
    ],
)
def test_day_that_a_serial_tells(serial: int, day: date | None) -> None:
    assert day_of(serial) == day
