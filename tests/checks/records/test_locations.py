import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.locations import MAX_SHOWN, Target, resolve

BASE = Target("good.test", secure=False, path="/shop/?a=1")


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://good.test/", "https://good.test/"),
        ("https://good.test", "https://good.test/"),
        ("https://GOOD.test:443/a?b=c#d", "https://good.test/a?b=c"),
        ("http://www.good.test:80/", "http://www.good.test/"),
        ("//www.good.test/x", "http://www.good.test/x"),
        ("/fi/", "http://good.test/fi/"),
        ("cart", "http://good.test/shop/cart"),
        ("https://kahvila-ö.test/ä", "https://xn--kahvila--u4a.test/%C3%A4"),
        ("https://user:secret@other.test/", "https://other.test/"),
        ("/a b\x7f", "http://good.test/a%20b%7F"),
        ("https://good.test./", "https://good.test/"),
    ],
)
def test_followed(location: str, url: str) -> None:
    assert str(resolve(BASE, location)) == url


@pytest.mark.parametrize(
    "location",
    [
        "https://good.test:8443/",
        "http://good.test:443/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::1/",
        "https://0x7f.1/",
        "https://localhost/",
        "ftp://good.test/",
        "javascript:alert(1)",
        "https:///",
        "https://good.test:99999/",
        "https://" + "a" * 400 + ".test/",
    ],
)
def test_not_followed(location: str) -> None:
    assert resolve(BASE, location) == location[:MAX_SHOWN]


@given(st.text(max_size=300))
def test_any_text_is_resolved_to_something_that_fits_a_request(location: str) -> None:
    target = resolve(BASE, location)
    if isinstance(target, Target):
        assert target.path.startswith("/")
        assert target.path.isascii()
        assert not set(target.path + target.host) & {" ", "\r", "\n", "\t"}


def test_within() -> None:
    assert Target("good.test", secure=True).is_within("good.test")
    assert Target("www.good.test", secure=True).is_within("good.test")
    assert not Target("notgood.test", secure=True).is_within("good.test")
    assert not Target("good.test", secure=True).is_within("www.good.test")
