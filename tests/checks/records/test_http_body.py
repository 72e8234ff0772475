import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.evidence.web import HttpAnswer
from checks.records.http_body import beginning, content, says_its_end

CHUNKED = ("transfer-encoding", "chunked")


def answer(page: bytes, *headers: tuple[str, str], cut_off: bool = False) -> HttpAnswer:
    return HttpAnswer(200, headers, page, cut_off)


def length(text: str) -> tuple[str, str]:
    return "content-length", text


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (answer(b"hello"), b"hello"),
        (answer(b"hello", length("5")), b"hello"),
        (answer(b"hello and what follows", length("5")), b"hello"),
        (answer(b"", length("0")), b""),
        (answer(b"hello", length("5"), length("5")), b"hello"),
        (answer(b"hello", length("5, 5")), b"hello"),
        (answer(b"hello", ("content-encoding", "Identity")), b"hello"),
        (answer(b"5\r\nhello\r\n6;note=1\r\n world\r\n0\r\n\r\n", CHUNKED), b"hello world"),
        (answer(b"A\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n", CHUNKED), b"0123456789"),
        (answer(b"5\r\nhello\r\n0\r\n\r\n", CHUNKED, length("3")), b"hello"),
    ],
)
def test_whole_page(seen: HttpAnswer, expected: bytes) -> None:
    assert content(seen) == expected
    assert beginning(seen) == expected


@pytest.mark.parametrize(
    ("seen", "came"),
    [
        (answer(b"hell", length("5")), b"hell"),
        (answer(b"hello", length("5"), length("6")), b"hello"),
        (answer(b"hello", length("-5")), b"hello"),
        (answer(b"hello", length("٥")), b"hello"),
        (answer(b"hello", length("9" * 5000)), b"hello"),
        (answer(b"hello", length("")), b"hello"),
        (answer(b"hello", cut_off=True), b"hello"),
        (answer(b"5\r\nhello\r\n", CHUNKED), b"hello"),
        (answer(b"5\r\nhel", CHUNKED), b"hel"),
        (answer(b"5\r\nhelloX\r\n0\r\n\r\n", CHUNKED), b"hello"),
        (answer(b"-5\r\nhello\r\n0\r\n\r\n", CHUNKED), b""),
        (answer(b"0x5\r\nhello\r\n0\r\n\r\n", CHUNKED), b""),
        (answer(b"FFFFFFFFF\r\nhello\r\n0\r\n\r\n", CHUNKED), b""),
        (answer(b"", CHUNKED), b""),
    ],
)
def test_page_that_did_not_come_whole_is_none(seen: HttpAnswer, came: bytes) -> None:
    assert content(seen) is None
    assert beginning(seen) == came


@pytest.mark.parametrize(
    "header",
    [("content-encoding", "gzip"), ("transfer-encoding", "gzip, chunked"), ("content-encoding", "identity, br")],
)
def test_coding_that_was_not_asked_for_is_never_unpacked(header: tuple[str, str]) -> None:
    assert content(answer(b"\x1f\x8b", header)) is None
    assert beginning(answer(b"\x1f\x8b", header)) is None


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (answer(b"hello", length("5"), cut_off=True), True),
        (answer(b"hell", length("5"), cut_off=True), False),
        (answer(b"hello", cut_off=True), False),
        (answer(b"5\r\nhello\r\n0\r\n\r\n", CHUNKED, cut_off=True), True),
        (answer(b"5\r\nhello\r\n", CHUNKED, cut_off=True), False),
        (answer(b"4\r\n\r\n\r\n\r\n", CHUNKED, cut_off=True), False),
    ],
)
def test_end_that_a_page_says_itself(seen: HttpAnswer, *, expected: bool) -> None:
    assert says_its_end(seen) is expected


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=20))
def test_chunks_are_joined_whatever_is_in_them(chunks: list[bytes]) -> None:
    sent = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    assert content(answer(sent, CHUNKED)) == b"".join(chunks)


@given(st.binary(max_size=300))
def test_garbage_is_never_a_fault_of_ours(data: bytes) -> None:
    joined = beginning(answer(data, CHUNKED))
    assert joined is not None
    assert len(joined) <= len(data)


def test_many_small_chunks_are_joined_quickly() -> None:
    began = time.process_time()
    assert content(answer(b"1\r\nx\r\n" * 10_000 + b"0\r\n\r\n", CHUNKED)) == b"x" * 10_000
    assert time.process_time() - began < 0.5
