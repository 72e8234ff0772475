from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.security_txt import MAX_REPAIRED, SecurityTxt, parse

GOOD = b"# Thank you\r\nContact: mailto:security@good.test\r\nExpires: 2027-01-02T03:04:05Z\r\nPolicy: a\r\n"


def file(*lines: str) -> SecurityTxt:
    found = parse("\n".join(lines).encode())
    assert found is not None
    return found


def test_file() -> None:
    found = parse(GOOD)
    assert found is not None
    assert found.contacts == ("mailto:security@good.test",)
    assert found.expires == datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (found.faults, found.signed) == ((), False)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Not found",
        b"<!doctype html><p>Contact: us",
        b"\xef\xbb\xbf  <html>Contact: us",
        b"User-agent: *\nDisallow: /",
        b"\xff\xfe\x00",
    ],
)
def test_something_else(content: bytes) -> None:
    assert parse(content) is None


@pytest.mark.parametrize(
    ("expires", "utc"),
    [
        ("2027-01-02T03:04:05+02:00", datetime(2027, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("2027-01-02t03:04:05.123z", datetime(2027, 1, 2, 3, 4, 5, 123000, tzinfo=UTC)),
        ("2027-01-02T03:04:05", None),
        ("2027-01-02", None),
        ("2027-13-02T03:04:05Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("in a year", None),
    ],
)
def test_date(expires: str, utc: datetime | None) -> None:
    assert file("Contact: https://good.test/report", f"Expires: {expires}").expires == utc


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (["Expires: 2027-01-02T03:04:05Z"], ("Contact",)),
        (["Contact: mailto:a@good.test"], ("Expires",)),
        (["contact: tel:+358-1-234", "EXPIRES: 2027-01-02T03:04:05Z"], ()),
        (["Contact: a@good.test", "Expires: 2027-01-02T03:04:05Z"], ("Contact",)),
        (["Contact:", "Expires: soon"], ("Contact", "Expires")),
        (
            ["Contact: mailto:a@good.test", "Expires: 2027-01-02T03:04:05Z", "Expires: 2028-01-02T03:04:05Z"],
            ("Expires",),
        ),
    ],
)
def test_faults(lines: list[str], faults: tuple[str, ...]) -> None:
    assert file(*lines).faults == faults


def test_repaired_file_keeps_what_was_right_and_has_no_fault() -> None:
    broken = file("# Ours", "Contact: a@good.test", "Contact: https://good.test/x", "Expires: 2020-01-01", "Policy: b")
    lines = broken.repaired("2027-01-02T03:04:05Z")
    assert lines == (
        "# Ours",
        "Contact: mailto:a@good.test",
        "Contact: https://good.test/x",
        "Policy: b",
        "Expires: 2027-01-02T03:04:05Z",
    )
    assert file(*lines).faults == ()


@pytest.mark.parametrize(
    "lines",
    [
        ["Expires: 2020-01-01T00:00:00Z"],
        ["Contact: ask at the counter"],
        ["-----BEGIN PGP SIGNED MESSAGE-----", "Contact: mailto:a@good.test"],
        ['Contact: mailto:a@good.test"; } evil'],
        ["Contact: mailto:a@good.test", "# $host"],
        ["Contact: mailto:a@good.test", "# päivystys"],
        ["Contact: mailto:a@good.test", "# back\\slash {x}"],
        ["Contact: mailto:a@good.test", "#" * MAX_REPAIRED],
    ],
)
def test_file_that_only_its_owner_can_repair(lines: list[str]) -> None:
    assert file(*lines).repaired("2027-01-02T03:04:05Z") is None


@given(st.binary(max_size=300))
def test_any_content_is_read(content: bytes) -> None:
    found = parse(content)
    assert found is None or set(found.faults) <= {"Contact", "Expires"}
