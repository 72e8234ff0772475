import pytest

from checks.addresses import VettedAddress
from checks.evidence.dkim import DkimAttempts
from checks.evidence.lookups import Answer, HostAddresses, Lookup
from checks.evidence.mail import MailHost, MailRouting
from checks.mail.dkim import CHECK
from tests.checks.telling import found, judged, nothing

MX_ADDRESSES = HostAddresses(
    "mx.firm.fi",
    found("mx.firm.fi", "A", "192.0.2.1"),
    nothing("mx.firm.fi", "AAAA"),
    (VettedAddress("192.0.2.1"),),
    (),
)
MAIL = MailRouting(found("firm.fi", "MX", "10 mx.firm.fi."), (MailHost(10, "mx.firm.fi", MX_ADDRESSES),))
NO_MAIL = MailRouting(found("firm.fi", "MX", "0 ."), (MailHost(0, "", None),))
UNSEEN_MAIL = MailRouting(nothing("firm.fi", "MX", Lookup.TIMEOUT), ())

KEY = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # of RFC 8463, appendix A
REVOKED = "v=DKIM1; p="
CUT = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDw"
SPF = "v=spf1 -all"


def attempts(stray: Answer | None = None, /, **answers: str | Lookup) -> DkimAttempts:
    def at(selector: str, given: str | Lookup) -> Answer:
        name = f"{selector}._domainkey.firm.fi"
        return nothing(name, "TXT", given) if isinstance(given, Lookup) else found(name, "TXT", given)

    tried = tuple((selector, at(selector, given)) for selector, given in answers.items())
    return DkimAttempts(tried, stray or nothing("kk-0._domainkey.firm.fi", "TXT", Lookup.NO_NAME), ())


def everywhere(text: str) -> Answer:
    return found("kk-0._domainkey.firm.fi", "TXT", text)


GONE = Lookup.NO_NAME
CASES = [
    ("found", attempts(default=KEY, s1=GONE), MAIL, ["default"]),
    ("found", attempts(default=CUT, s1=KEY, s2=Lookup.TIMEOUT), MAIL, ["s1"]),
    ("found", attempts(default=KEY), NO_MAIL, ["default"]),
    ("found", attempts(everywhere(SPF), default=KEY), MAIL, ["default"]),
    ("broken", attempts(default=CUT, s1=REVOKED), MAIL, ["default"]),
    ("broken", attempts(default=CUT, s1=Lookup.TIMEOUT), MAIL, ["default"]),
    ("only-revoked", attempts(default=REVOKED, s1=GONE), MAIL, []),
    ("not-found", attempts(default=GONE, s1=Lookup.NO_DATA), MAIL, []),
    ("not-found", attempts(default=SPF), MAIL, []),
    ("not-found", attempts(everywhere(KEY), default=KEY, s1=KEY), MAIL, []),
    ("not-found", attempts(everywhere(REVOKED), default=REVOKED), MAIL, []),
    ("no-mail", attempts(default=GONE), NO_MAIL, []),
    ("no-mail", attempts(everywhere(REVOKED), default=REVOKED), NO_MAIL, []),
    ("not-found", attempts(default=GONE), UNSEEN_MAIL, []),
    ("dns-timeout", attempts(default=GONE, s1=Lookup.TIMEOUT), MAIL, []),
    ("dns-failed", attempts(default=REVOKED, s1=Lookup.FAILED), MAIL, []),
    ("dns-timeout", attempts(nothing("kk-0", "TXT", Lookup.TIMEOUT), default=GONE), MAIL, []),
]


@pytest.mark.parametrize(("outcome", "tried", "routing", "selectors"), CASES)
def test_verdict(outcome: str, tried: DkimAttempts, routing: MailRouting, selectors: list[str]) -> None:
    verdict = judged(CHECK, "firm.fi", tried, routing)
    assert (verdict.outcome.name, verdict.subject, verdict.facts["selectors"]) == (outcome, "firm.fi", selectors)


def test_every_outcome_is_reached() -> None:
    assert {outcome.name for outcome in CHECK.outcomes} - {case[0] for case in CASES} == set()
