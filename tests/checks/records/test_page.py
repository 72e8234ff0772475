import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.page import head_of, leads_to_https

ANALYTICS = (
    b"""<script>var host = (("https:" == document.location.protocol) ? "https://ssl." : "http://www.");</script>"""
)


@pytest.mark.parametrize(
    "page",
    [
        b'<META HTTP-EQUIV="Refresh" CONTENT="0; URL=https://good.test/">',
        b"<meta content='0;url=https://good.test/' http-equiv=refresh data-to='https://good.test/'>",
        b'<script>location.href = "https://good.test/"</script>',
        b"<script>if (location.protocol != 'https:') { location.protocol = 'https:'; }</script>",
        b"<script>window.location = 'https:' + window.location.href.substring(5)</script>",
        b"<script>location.replace(location.href.replace('http:', 'https:'))</script>",
        b"<script>x</script><script>location.assign(`https://${location.host}`)",
    ],
)
def test_page_that_sends_its_reader_on(page: bytes) -> None:
    assert leads_to_https(page)


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<p>Hello",
        ANALYTICS,
        b'<a href="https://good.test/">Secure site</a>',
        b'<meta http-equiv="refresh" content="300">',
        b'<meta http-equiv="refresh" content="0; url=http://good.test/">',
        b"<script>if (location.protocol == 'https:') { go() }</script>",
        b"<p>Our location = https://map.test",
    ],
)
def test_page_that_stays(page: bytes) -> None:
    assert not leads_to_https(page)


@pytest.mark.parametrize(
    "piece", [b"<meta ", b"<meta http-equiv=refresh", b"<script", b"<script>location=", b"location ="]
)
def test_search_is_quick_whatever_the_page_is_made_of(piece: bytes) -> None:
    page = piece * (65536 // len(piece))
    began = time.process_time()
    assert not leads_to_https(b"<script>" + page)
    assert time.process_time() - began < 0.5


def test_head_says_what_headers_would() -> None:
    page = (
        b"<!DOCTYPE html><HTML><head><title><meta name=referrer content=never></title>"
        b'<META HTTP-EQUIV="Content-Security-Policy" CONTENT="script-src &#39;self&#39; https://a.test">'
        b"<meta name=referrer content=unsafe-url><!-- <meta name=referrer content=origin> -->"
        b"<script>'</head><meta name=referrer content=origin>'</script><meta charset='utf-8'/></head><meta name=late>"
    )
    head = head_of(page)
    assert head.http_equiv("content-security-policy") == ("script-src 'self' https://a.test",)
    assert head.named("referrer") == ("unsafe-url",)
    assert head.ended


@pytest.mark.parametrize(
    ("page", "ended"),
    [
        (b"", False),
        (b"<head><meta name=a content=b>", False),
        (b"<head><script>var a = '</head>'", False),
        (b"<head><!-- </head>", False),
        (b"<p>Hello<body>", True),
        (b"<title>Hello</title></HEAD >", True),
        (b"<p>Hello</html>", True),
        (b"<headline>", False),
    ],
)
def test_end_of_the_head(page: bytes, *, ended: bool) -> None:
    assert head_of(page).ended is ended


def test_first_of_two_attributes_counts() -> None:
    assert head_of(b'<meta name="a" name="b" content=\'1>2\' content="2">').metas[0]["name"] == "a"


@pytest.mark.parametrize("piece", [b"<", b"<meta ", b"<!--", b"<script", b"<meta a=", b"<meta a-", b'<meta a="', b"a"])
def test_head_is_read_quickly_whatever_the_page_is_made_of(piece: bytes) -> None:
    page = b"<meta " + piece * (65536 // len(piece))
    began = time.process_time()
    assert not head_of(page).ended
    assert time.process_time() - began < 0.5


@given(st.binary(max_size=400))
def test_head_of_garbage(data: bytes) -> None:
    assert len(head_of(data).metas) <= len(data)
