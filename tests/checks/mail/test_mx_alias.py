import pytest

from checks.addresses import VettedAddress
from checks.evidence.lookups import Answer, HostAddresses, Lookup, Reach
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.mta_sts import MtaSts
from checks.evidence.web import HttpAnswer, Visit
from checks.mail.mx_alias import CHECK
from tests.checks.making import NOW, Wanted, issue
from tests.checks.seen import handshake
from tests.checks.telling import found, judged, nothing


def addresses(host: str, target: str | None = None, v4: Lookup = Lookup.FOUND) -> HostAddresses:
    records = ("192.0.2.1",) if v4 is Lookup.FOUND else ()
    return HostAddresses(
        host,
        Answer(host, "A", v4, records, alias=target),
        Answer(host, "AAAA", Lookup.TIMEOUT if v4 is Lookup.TIMEOUT else Lookup.NO_DATA, alias=target),
        tuple(VettedAddress(text) for text in records),
        (),
    )


def host(name: str, target: str | None = None, preference: int = 10, v4: Lookup = Lookup.FOUND) -> MailHost:
    return MailHost(preference, name, addresses(name, target, v4))


def routing(*hosts: MailHost, alias: str | None = None) -> MailRouting:
    records = tuple(f"{each.preference} {each.host}." for each in hosts)
    return MailRouting(Answer("firm.fi", "MX", Lookup.FOUND, records, alias=alias), hosts)


STS_HOST = "mta-sts.firm.fi"
NO_POLICY = MtaSts(nothing("_mta-sts.firm.fi", "TXT"), addresses(STS_HOST), (), NOW)


def policy(mode: str, *mx: str, status: int = 200) -> MtaSts:
    lines = ("version: STSv1", f"mode: {mode}", *(f"mx: {name}" for name in mx), "max_age: 604800")
    served = HttpAnswer(status, (("content-type", "text/plain"),), page="\n".join(lines).encode())
    shown = handshake(issue(Wanted(names=(STS_HOST,))))
    record = found("_mta-sts.firm.fi", "TXT", "v=STSv1; id=1")
    return MtaSts(record, addresses(STS_HOST), (Visit(Reach.OK, shown, served),), NOW)


MX1 = host("mx1.firm.fi")
NICK = host("nick.firm.fi", "mx1.host.fi", 20)
CASES = [
    ("direct", routing(MX1)),
    ("alias", routing(MX1, NICK)),
    ("alias", routing(NICK, host("silent.firm.fi", v4=Lookup.TIMEOUT))),
    ("dns-timeout", routing(MX1, host("silent.firm.fi", v4=Lookup.TIMEOUT))),
    ("dns-timeout", routing(host("silent.firm.fi", v4=Lookup.TIMEOUT))),
    ("direct", routing(MX1, host("gone.firm.fi", "nowhere.fi", v4=Lookup.NO_NAME))),
    ("no-mx", routing(host("gone.firm.fi", "nowhere.fi", v4=Lookup.NO_NAME))),
    ("no-mx", routing(MailHost(10, "192.0.2.1", None))),
    ("no-mx", MailRouting(nothing("firm.fi", "MX"), (host("firm.fi"),), addresses("firm.fi"))),
    ("no-mail", routing(MailHost(0, "", None))),
    ("dns-failed", MailRouting(nothing("firm.fi", "MX", Lookup.FAILED), ())),
]


@pytest.mark.parametrize(("outcome", "seen"), CASES)
def test_verdict(outcome: str, seen: MailRouting) -> None:
    verdict = judged(CHECK, "firm.fi", seen, NO_POLICY)
    assert (verdict.outcome.name, verdict.subject) == (outcome, "firm.fi")


@pytest.mark.parametrize(
    ("hosts", "changes"),
    [
        ((MX1, NICK), ["remove 20 nick.firm.fi", "add 20 mx1.host.fi"]),
        ((NICK, host("mx1.host.fi")), ["remove 20 nick.firm.fi"]),
        (
            (NICK, host("other.firm.fi", "mx1.host.fi", 20)),
            ["remove 20 nick.firm.fi", "remove 20 other.firm.fi", "add 20 mx1.host.fi"],
        ),
    ],
)
def test_alias_is_changed_for_the_name_it_stands_for(hosts: tuple[MailHost, ...], changes: list[str]) -> None:
    records = judged(CHECK, "firm.fi", routing(*hosts), NO_POLICY).records
    assert [f"{record.action} {record.value}" for record in records] == changes
    assert {(record.name, record.type) for record in records} == {("firm.fi", "MX")}


@pytest.mark.parametrize(
    ("sts", "offered"),
    [
        (policy("enforce", "nick.firm.fi"), False),
        (policy("enforce", "nick.firm.fi", "*.host.fi"), True),
        (policy("testing", "nick.firm.fi"), True),
        (policy("enforce", "nick.firm.fi", status=503), False),
        (MtaSts(nothing("_mta-sts.firm.fi", "TXT", Lookup.TIMEOUT), addresses(STS_HOST), (), NOW), False),
    ],
)
def test_no_record_is_offered_that_strict_senders_would_not_follow(sts: MtaSts, *, offered: bool) -> None:
    verdict = judged(CHECK, "firm.fi", routing(NICK), sts)
    assert (verdict.outcome.name, bool(verdict.records)) == ("alias", offered)


def test_records_of_another_zone_are_left_alone() -> None:
    assert judged(CHECK, "firm.fi", routing(NICK, alias="elsewhere.fi"), NO_POLICY).records == ()


def test_every_outcome_is_reached() -> None:
    assert {outcome.name for outcome in CHECK.outcomes} - {case[0] for case in CASES} == set()
