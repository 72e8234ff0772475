"""Set-Cookie (RFC 6265bis, section 5.6), as far as it says whom a cookie is shown to."""

import re
from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field

# Compiled when first wanted: many sites set no cookies.
_CONTROL = r"[\x00-\x08\x0a-\x1f\x7f]"
_DAY = r"(?<!\d)(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4}|\d{2})(?!\d)"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WHOLE = r"-?[0-9]{1,18}"

_SESSIONS = (
    r"(?:__(?:host|secure)-)?(?:"
    r"phpsessid|jsessionid|asp\.net_sessionid|aspsessionid[a-z]{8}|\.aspxauth|\.aspnetcore\.(?:session|cookies.*)"
    r"|connect\.sid|laravel_session|ci_session|sessionid|session_id|_session_id|\w{1,60}_session|session|sid"
    r"|cfid|cftoken|s?sess[0-9a-f]{32}|fe_typo_user|prestashop-[0-9a-f]{32}"
    r"|wordpress_(?:logged_in|sec)_[0-9a-f]{32}|wp_woocommerce_session_[0-9a-f]{32})"
)
"""Names that frameworks give to the cookie by which they know a visitor again."""
_OF_THE_PROVIDER = (
    r"awsalb(?:tg|app-\d)?(?:cors)?|bigipserver.*|ts[0-9a-f]{6,12}|serverid|routeid|arraffinity(?:samesite)?"
    r"|__cf.*|_cfuvid|incap_ses_.*|visid_incap_.*|nlbi_.*|__ddg\d+_?|ak_bmsc|_abck|bm_[a-z]{1,4}|datadome|aws-waf-token"
    r"|applicationgatewayaffinity(?:cors)?|aslbsa(?:cors)?|gclb|ingresscookie|cookiesession1|citrix_ns_id.*|nsc_.*"
    r"|bn[ei]s?_.*|sucuri_cloudproxy_.*|ssr-caching"
)
"""Cookies by which a provider's load balancers and filters direct traffic: nobody's secret, and not of the site."""


class Cookie(Struct, frozen=True):
    """One cookie that a server sets; attribute names in lower case, of those that stand twice the last."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def secure(self) -> bool:
        """Whether browsers send it over encrypted connections only."""
        return "secure" in self.attributes

    @property
    def http_only(self) -> bool:
        """Whether it is kept from scripts."""
        return "httponly" in self.attributes

    @property
    def domain(self) -> str:
        """The domain below which every host is sent it too; empty where it goes back to its own host alone."""
        return self.attributes.get("domain", "").lower().removeprefix(".")

    @property
    def is_session(self) -> bool:
        """Whether its name is one that is known for keeping visitors signed in."""
        return re.fullmatch(_SESSIONS, self.name.lower()) is not None

    @property
    def is_providers(self) -> bool:
        """Whether its name is one that load balancers and filters are known for."""
        return re.fullmatch(_OF_THE_PROVIDER, self.name.lower()) is not None

    @property
    def is_refused(self) -> bool:
        """Whether browsers throw it away: for its SameSite, or for what its name promises (sections 5.7 and 4.1.3)."""
        name = self.name.lower()
        if not self.secure:
            wants_secure = name.startswith(("__secure-", "__host-"))
            return wants_secure or self.attributes.get("samesite", "").lower() == "none"
        return name.startswith("__host-") and (
            bool(self.attributes.get("domain")) or self.attributes.get("path") != "/"
        )

    def is_taken_back(self, today: date) -> bool:
        """Whether the server only deletes it: its time is over already. Max-Age comes before Expires."""
        age = self.attributes.get("max-age", "")
        if re.fullmatch(_WHOLE, age):
            return int(age) <= 0
        until = _day(self.attributes.get("expires", ""))
        return until is not None and until < today


def parse(value: str) -> Cookie | None:
    """The cookie of one header. None for one that browsers ignore: nameless and empty, or with control characters."""
    if re.search(_CONTROL, value):
        return None
    pair, *parts = value.split(";")
    name, divided, content = (part.strip("\t ") for part in pair.partition("="))
    if not divided:
        name, content = "", name
    if not name and not content:
        return None
    split = (part.partition("=") for part in parts)
    return Cookie(name, {key.strip("\t ").lower(): text.strip("\t ") for key, _, text in split})


def _day(text: str) -> date | None:
    """The day of a cookie's date, whatever stands around it (section 5.1.1)."""
    match = re.search(_DAY, text.lower())
    if match is None or match[2] not in _MONTHS:
        return None
    year = int(match[3])
    if year < 100:  # noqa: PLR2004 - two digits
        year += 1900 if year >= 70 else 2000  # noqa: PLR2004 - as the standard divides them
    try:
        return date(year, _MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return None
