import time

import pytest

from checks.records.page import leads_to_https

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
