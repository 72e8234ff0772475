import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.evidence.web import HttpAnswer
from checks.records.http_head import MAX_HEADERS, end_of_head, parse_head


def test_head() -> None:
    head = b"HTTP/1.1 301 Moved\r\nLocation:  https://good.test/ \r\nX-A: 1\r\nx-a: 2\r\n\r\n"
    answer = parse_head(head)
    assert answer == HttpAnswer(301, (("location", "https://good.test/"), ("x-a", "1"), ("x-a", "2")))
    assert answer.location == "https://good.test/"
    assert answer.values("x-a") == ("1", "2")


def test_folded_line_is_joined() -> None:
    answer = parse_head(b"HTTP/1.0 200\r\nA: one\r\n  two\r\n\r\n")
    assert answer == HttpAnswer(200, (("a", "one two"),))


def test_line_that_is_no_header_is_passed_over() -> None:
    assert parse_head(b"HTTP/1.1 200 OK\nnonsense\nbad name: 1\nA: 1\n\n") == HttpAnswer(200, (("a", "1"),))


def test_header_count_is_limited() -> None:
    answer = parse_head(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000 + b"\r\n")
    assert answer is not None
    assert len(answer.headers) == MAX_HEADERS


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/2 200\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"HTTP/1.1 999 X\r\n\r\n"]
)
def test_no_http(head: bytes) -> None:
    assert parse_head(head) is None


def test_location_counts_only_on_a_redirect() -> None:
    assert HttpAnswer(200, (("location", "/a"),)).location is None
    assert HttpAnswer(308, (("location", "/a"),)).location == "/a"
    assert HttpAnswer(301).location is None


def test_end_of_head() -> None:
    assert end_of_head(b"HTTP/1.1 200 OK\r\nA: b\r\n") is None
    assert end_of_head(b"HTTP/1.1 200 OK\r\n\r\nbody") == 19
    assert end_of_head(b"HTTP/1.1 200 OK\n\nbody") == 17


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    answer = parse_head(b"HTTP/1.1 200 OK\r\n" + data)
    assert answer is not None
    assert answer.status == 200
