"""The registry of `test.`: an RDAP service (RFC 9083) over HTTPS, with what each site's description says."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tests.farm.site import Site
from tests.farm.web import Hosted, Web

HOST = "rdap.farm.test"
ADDRESS = "198.18.0.81"
REGISTRIES = {"test": f"https://{HOST}/rdap/"}
"""What an inspection must be told of it: `test` is in nobody's table."""


def hosted(sites: Iterable[Site]) -> Hosted:
    """The service, one place for each registered domain; of others it knows nothing."""
    places = [_place(site.domain, _domain(site)) for site in sites]
    unknown = "location /rdap/ { return 404; }"
    return Hosted((HOST,), ADDRESS, Web(http="closed", https_lines=(*places, unknown)))


def _place(domain: str, found: object) -> str:
    text = json.dumps(found).replace("'", "")
    return f"location = /rdap/domain/{domain} {{ default_type application/rdap+json; return 200 '{text}'; }}"


def _domain(site: Site) -> dict[str, object]:
    now = datetime.now(UTC)
    return {
        "objectClassName": "domain",
        "rdapConformance": ["rdap_level_0"],
        "ldhName": site.domain,
        "status": [*site.registry_statuses],
        "events": [
            {"eventAction": "registration", "eventDate": (now - timedelta(days=900)).isoformat()},
            {"eventAction": "expiration", "eventDate": (now + timedelta(days=site.registered_days)).isoformat()},
        ],
    }
