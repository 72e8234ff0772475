import pytest

from checks.evidence.web import HttpAnswer
from checks.records.doorkeepers import is_doorkeepers


@pytest.mark.parametrize(
    "page",
    [
        b"<html><title>You are being redirected...</title><script>var s={},u,sucuri_cloudproxy_js='',S='x'</script>",
        b"<!DOCTYPE html><html><head><title>One moment, please...</title><style>",
        b'<html><head><meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2F"></head>',
        b'<head></head><body><iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=9&xinfo=1"></iframe>',
        b'<head><link rel="stylesheet" href="/.within.website/x/cmd/anubis/static/x.css"></head>',
    ],
)
def test_filters_page(page: bytes) -> None:
    assert is_doorkeepers(HttpAnswer(200, page=page))
    chunked = HttpAnswer(200, (("transfer-encoding", "chunked"),), b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page))
    assert is_doorkeepers(chunked)


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<head><title>Just a moment of rest - Kylpyl\xc3\xa4</title></head>",
        b'<head><script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script></head>',
        b"<p>Our site is protected by Sucuri</p>",
    ],
)
def test_page_of_the_site_itself(page: bytes) -> None:
    assert not is_doorkeepers(HttpAnswer(200, page=page))


def test_page_in_a_coding_that_nobody_asked_for_is_not_read() -> None:
    assert not is_doorkeepers(HttpAnswer(200, (("content-encoding", "br"),), b"sucuri_cloudproxy_js"))
