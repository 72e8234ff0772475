import pytest

from checks.addresses import VettedAddress
from checks.contract import Record
from checks.evidence.lookups import HostAddresses, Lookup
from checks.evidence.mail import MailHost, MailRouting
from checks.mail.mx import CHECK
from tests.checks.telling import found, judged, nothing

NULL = MailHost(0, "", None)


def addresses(host: str, *public: str, refused: tuple[str, ...] = (), v6: Lookup = Lookup.NO_DATA) -> HostAddresses:
    a = found(host, "A", *public, *refused) if public or refused else nothing(host, "A")
    return HostAddresses(host, a, nothing(host, "AAAA", v6), tuple(VettedAddress(text) for text in public), refused)


GOOD = MailHost(10, "mx1.firm.fi", addresses("mx1.firm.fi", "192.0.2.1"))
INSIDE = MailHost(10, "mx2.firm.fi", addresses("mx2.firm.fi", refused=("10.0.0.1",)))
GONE = MailHost(20, "mx3.firm.fi", addresses("mx3.firm.fi"))
SILENT = MailHost(30, "mx4.firm.fi", addresses("mx4.firm.fi", v6=Lookup.TIMEOUT))
LITERAL = MailHost(40, "192.0.2.1", None)


def routing(*hosts: MailHost) -> MailRouting:
    records = [f"{host.preference} {host.host}." for host in hosts]
    return MailRouting(found("firm.fi", "MX", *records), hosts)


def without(lookup: Lookup = Lookup.NO_DATA, own: HostAddresses | None = None) -> MailRouting:
    hosts = (MailHost(0, "firm.fi", own),) if own is not None and own.exists else ()
    return MailRouting(nothing("firm.fi", "MX", lookup), hosts, own)


def remove(value: str) -> Record:
    return Record("remove", "firm.fi", "MX", value)


CASES = [
    ("present", routing(GOOD), [], ()),
    ("present", routing(INSIDE), [], ()),
    ("takes-no-mail", routing(NULL), [], ()),
    ("contradictory", routing(NULL, GOOD), ["."], (remove("0 ."),)),
    ("target-is-address", routing(GOOD, LITERAL), ["192.0.2.1"], ()),
    ("unresolvable", routing(GONE), ["mx3.firm.fi"], ()),
    ("partly-unresolvable", routing(GOOD, GONE), ["mx3.firm.fi"], (remove("20 mx3.firm.fi"),)),
    ("partly-unresolvable", routing(GONE, SILENT), ["mx3.firm.fi"], (remove("20 mx3.firm.fi"),)),
    ("dns-timeout", routing(GOOD, SILENT), [], ()),
    ("implicit", without(own=addresses("firm.fi", "192.0.2.1")), [], (Record("add", "firm.fi", "MX", "0 ."),)),
    ("nowhere", without(own=addresses("firm.fi")), [], ()),
]


@pytest.mark.parametrize(("outcome", "seen", "concerned", "records"), CASES)
def test_verdict(outcome: str, seen: MailRouting, concerned: list[str], records: tuple[Record, ...]) -> None:
    verdict = judged(CHECK, "firm.fi", seen)
    assert (verdict.outcome.name, verdict.subject, verdict.records) == (outcome, "firm.fi", records)
    assert verdict.facts["concerned"] == concerned


def test_every_outcome_is_reached() -> None:
    assert {outcome.name for outcome in CHECK.outcomes} == {case[0] for case in CASES} - {"dns-timeout"}


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (without(Lookup.TIMEOUT), "dns-timeout"),
        (without(Lookup.FAILED), "dns-failed"),
        (without(own=addresses("firm.fi", v6=Lookup.TIMEOUT)), "dns-timeout"),
    ],
)
def test_unanswered_question_is_not_an_absent_record(seen: MailRouting, outcome: str) -> None:
    assert judged(CHECK, "firm.fi", seen).outcome.name == outcome
