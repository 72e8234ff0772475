import pytest

from checks.contract import Evidence, Record, Verdict
from checks.evidence.dane import Promise, Promises
from checks.evidence.inboxes import Inbox
from checks.evidence.lookups import Answer, Lookup
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.tls_rpt import TlsReporting
from checks.mail.tls_rpt import CHECK
from tests.checks.making import NOW
from tests.checks.telling import found, nothing, told
from tests.checks.zone import DOMAIN, Zone, with_mail, without_mail

PLACE = f"_smtp._tls.{DOMAIN}"
RECORD = f"v=TLSRPTv1; rua=mailto:a@{DOMAIN}"
OWN = f"v=TLSRPTv1; rua=mailto:tls-reports@{DOMAIN}"
RULE = found(f"_mta-sts.{DOMAIN}", "TXT", "v=STSv1; id=1")
NO_RULE = nothing(f"_mta-sts.{DOMAIN}", "TXT", Lookup.NO_NAME)
SILENT_RULE = nothing(f"_mta-sts.{DOMAIN}", "TXT", Lookup.TIMEOUT)
MAIL = with_mail().routing(DOMAIN)


def promise(host: str, *, signed: bool = True) -> Promise:
    return Promise(host, host, found(f"_25._tcp.{host}", "TLSA", "3 1 1 ab", authenticated=signed))


def at(*texts: str) -> Answer:
    return found(PLACE, "TXT", *texts) if texts else nothing(PLACE, "TXT", Lookup.NO_NAME)


NO_INBOX = Inbox(nothing("dead.example", "MX"), Zone().addresses("dead.example"))
INBOXES = {
    "dead.example": NO_INBOX,
    "null.example": Inbox(found("null.example", "MX", "0 .")),
    "host.example": Inbox(
        nothing("host.example", "MX"), Zone().add("host.example", "A", "192.0.2.9").addresses("host.example")
    ),
    "silent.example": Inbox(nothing("silent.example", "MX", Lookup.TIMEOUT)),
}
DEAD = "mailto:a@dead.example"


def verdict(
    record: Answer, sts: Answer = RULE, routing: MailRouting = MAIL, promises: tuple[Promise, ...] = ()
) -> Verdict:
    parts = {
        MailRouting: routing,
        TlsReporting: TlsReporting(record, sts, INBOXES),
        Promises: Promises(promises, NOW),
    }
    (only,) = CHECK.judge(Evidence(DOMAIN, parts))
    told(CHECK, DOMAIN, only)
    assert only.subject == DOMAIN
    return only


IMPLICIT = MailRouting(nothing(DOMAIN, "MX"), (MailHost(0, DOMAIN, MAIL.hosts[0].addresses),), MAIL.hosts[0].addresses)
CASES = [
    ("reported", verdict(at(RECORD))),
    ("reported", verdict(at(RECORD), NO_RULE)),
    ("reported", verdict(at(RECORD, "v=spf1 -all", "v=TLSRPTv2; rua=mailto:b@x.fi"))),
    ("absent", verdict(at())),
    ("absent", verdict(at("v=spf1 -all"))),
    ("absent", verdict(at(), NO_RULE, promises=(promise(f"mx.{DOMAIN}"),))),
    ("not-needed", verdict(at(), NO_RULE)),
    ("not-needed", verdict(at(), NO_RULE, promises=(promise("mx.host.example"),))),
    ("not-needed", verdict(at(), NO_RULE, promises=(promise(f"mx.{DOMAIN}", signed=False),))),
    ("invalid", verdict(at(RECORD, RECORD.replace("a@", "b@")))),
    ("invalid", verdict(at(f"v=TLSRPTv1; rua=a@{DOMAIN}"), NO_RULE)),
    ("invalid", verdict(at("v=TLSRPTv1;"))),
    ("invalid", verdict(at("v=tlsrptv1; rua=mailto:a@x.fi"))),
    ("not-taken", verdict(at(f"v=TLSRPTv1; rua={DEAD}"))),
    ("not-taken", verdict(at(f"v=TLSRPTv1; rua={DEAD}"), NO_RULE)),
    ("not-taken", verdict(at("v=TLSRPTv1; rua=mailto:a@null.example,https://r.example/"))),
    ("invalid", verdict(at("v=TLSRPTv1; rua=a@dead.example"))),
    # Mail goes to the host itself where it has no MX record; nowhere is only what was answered; a page takes no mail.
    ("reported", verdict(at("v=TLSRPTv1; rua=mailto:a@host.example"))),
    ("reported", verdict(at("v=TLSRPTv1; rua=mailto:a@silent.example"))),
    ("reported", verdict(at("v=TLSRPTv1; rua=https://dead.example/"))),
    ("dns-timeout", verdict(nothing(PLACE, "TXT", Lookup.TIMEOUT))),
    ("dns-timeout", verdict(at(), SILENT_RULE)),
    ("dns-failed", verdict(at(), routing=MailRouting(nothing(DOMAIN, "MX", Lookup.FAILED), ()))),
    ("no-mail", verdict(at(), routing=without_mail().routing(DOMAIN))),
    ("no-mx", verdict(at(), routing=IMPLICIT)),
]


@pytest.mark.parametrize(("outcome", "given"), CASES)
def test_outcome(outcome: str, given: Verdict) -> None:
    assert given.outcome.name == outcome


def test_every_outcome_is_reached() -> None:
    assert {outcome.name for outcome in CHECK.outcomes} - {case[0] for case in CASES} == set()


@pytest.mark.parametrize(
    ("texts", "action", "value"),
    [
        ((), "add", OWN),
        (("v=TLSRPTv1;",), "replace", OWN),
        ((f"v=TLSRPTv1; rua=a@{DOMAIN}",), "replace", RECORD),
        ((f"v=TLSRPTv1; rua={DEAD}",), "replace", OWN),
        ((f"{RECORD},{DEAD}",), "replace", RECORD),
        (("v=TLSRPTv1; rua=a@dead.example",), "replace", OWN),
        ((RECORD, "v=TLSRPTv1; rua=https://r.example/"), "replace", f"{RECORD},https://r.example/"),
    ],
)
def test_record_that_is_offered_mends_it(texts: tuple[str, ...], action: str, value: str) -> None:
    assert verdict(at(*texts)).records == (Record(action, PLACE, "TXT", value),)
    assert verdict(at(value)).outcome.name == "reported"


def test_record_in_another_zone_is_left_alone() -> None:
    elsewhere = Answer(PLACE, "TXT", Lookup.FOUND, ("v=TLSRPTv1;",), alias="reports.host.example")
    assert (verdict(elsewhere).outcome.name, verdict(elsewhere).records) == ("invalid", ())
