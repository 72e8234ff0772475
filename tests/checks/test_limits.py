import pytest

from checks.contract import Finding, Severity, Status
from checks.evidence.lookups import Vantage
from checks.languages import LANGUAGES
from checks.limits import Limit, limits_of, tell_limit


def vantage(*, validates: bool = True, ipv6: bool = True) -> Vantage:
    return Vantage(validates, ipv6, ("192.0.2.53",))


def blocked(how: str) -> Finding:
    return Finding("mail.starttls", Status.UNKNOWN, Severity.INFO, "example.fi", "blocked-from-here", {"blocked": how})


@pytest.mark.parametrize(
    ("where", "findings", "limits"),
    [
        (vantage(), (), ()),
        (vantage(validates=False), (), (Limit.NO_VALIDATION,)),
        (vantage(ipv6=False), (blocked("ipv6"),), (Limit.NO_IPV6,)),
        (vantage(), (blocked("port-25"), blocked("port-25")), (Limit.MAIL_PORT_BLOCKED,)),
        (vantage(), (blocked("port-53"),), (Limit.NAME_SERVERS_BLOCKED,)),
        (
            vantage(validates=False, ipv6=False),
            (blocked("port-25"),),
            (Limit.NO_VALIDATION, Limit.NO_IPV6, Limit.MAIL_PORT_BLOCKED),
        ),
    ],
)
def test_each_limit_is_named_once(where: Vantage, findings: tuple[Finding, ...], limits: tuple[Limit, ...]) -> None:
    assert limits_of(where, findings) == limits


@pytest.mark.parametrize("limit", Limit)
def test_every_limit_has_words_of_its_own_in_every_language(limit: Limit) -> None:
    assert len({tell_limit(limit, language) for language in LANGUAGES}) == len(LANGUAGES)
