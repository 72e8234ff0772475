import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.smtp_reply import Reply, ReplyLine, parse_reply_line


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"220 mx.example.fi ESMTP\r\n", ReplyLine(220, "mx.example.fi ESMTP", last=True)),
        (b"250-PIPELINING\r\n", ReplyLine(250, "PIPELINING", last=False)),
        (b"250 \r\n", ReplyLine(250, "", last=True)),
        (b"421\n", ReplyLine(421, "", last=True)),
        (b"554-", ReplyLine(554, "", last=False)),
        (b"220 caf\xe9\r\n", ReplyLine(220, "caf\ufffd", last=True)),
    ],
)
def test_reply_line(raw: bytes, line: ReplyLine) -> None:
    assert parse_reply_line(raw) == line


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"22", b"220x", b"099 x", b"620 x", b" 220 x"]
)
def test_line_without_a_reply_code_is_none(raw: bytes) -> None:
    with pytest.raises(ValueError, match="no reply code"):
        parse_reply_line(raw)


@given(st.binary(max_size=600))
def test_any_bytes_are_a_line_or_a_value_error(raw: bytes) -> None:
    try:
        line = parse_reply_line(raw)
    except ValueError:
        return
    assert 200 <= line.code <= 599


def test_keywords_are_upper_case_first_words_after_the_greeting() -> None:
    reply = Reply(250, ("STARTTLS.example.fi hello", "size 1000", "starttls", ""))
    assert reply.keywords == frozenset({"SIZE", "STARTTLS"})
