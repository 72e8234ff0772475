from urllib.parse import urlsplit

import pytest

from checks.records.registries import is_open_to_all, registries


def test_every_service_is_reached_by_https() -> None:
    parts = [urlsplit(url) for url in registries().services.values()]
    assert {part.scheme for part in parts} == {"https"}
    assert all(part.hostname and part.path.endswith("/") and not part.query for part in parts)


def test_services_are_for_top_level_domains() -> None:
    tlds = set(registries().services)
    assert {"com", "net", "org", "fi", "app", "nyc", "helsinki", "info", "shop", "online"} <= tlds
    assert all(tld.isalpha() and tld == tld.lower() for tld in tlds)
    assert not tlds & registries().closed


@pytest.mark.parametrize(
    ("name", "is_open"),
    [("fi", True), ("co.uk", True), ("gov", False), ("firm.fi", False), ("azurewebsites.net", False), ("", False)],
)
def test_where_anybody_may_register(name: str, is_open: bool) -> None:  # noqa: FBT001 - an expected value
    assert is_open_to_all(name) is is_open
