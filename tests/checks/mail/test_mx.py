import pytest

from checks.addresses import VettedAddress
from checks.contract import Record
from checks.evidence.lookups import Answer, HostAddresses, Lookup, Reach
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.smtp import Conversation, Ending, MailServer, MailServers
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
OWN = addresses("firm.fi", "192.0.2.1")
NOBODY = MailServers(())
LITERAL = MailHost(40, "192.0.2.1", None)


def routing(*hosts: MailHost) -> MailRouting:
    records = [f"{host.preference} {host.host}." for host in hosts]
    return MailRouting(found("firm.fi", "MX", *records), hosts)


def without(lookup: Lookup = Lookup.NO_DATA, own: HostAddresses | None = None) -> MailRouting:
    hosts = (MailHost(0, "firm.fi", own),) if own is not None and own.exists else ()
    return MailRouting(nothing("firm.fi", "MX", lookup), hosts, own)


def talked(*endings: Ending, port_blocked: bool = False) -> MailServers:
    """What the domain's own address said on the mail port."""
    talks = tuple(Conversation("192.0.2.1", ending, Reach.TIMEOUT) for ending in endings)
    return MailServers((MailServer("firm.fi", OWN, talks),), port_blocked)


def remove(value: str) -> Record:
    return Record("remove", "firm.fi", "MX", value)


CASES = [
    ("present", routing(GOOD), [], ()),
    ("present", routing(GOOD, INSIDE), [], ()),
    ("address-not-public", routing(INSIDE), [], ()),
    ("takes-no-mail", routing(NULL), [], ()),
    ("contradictory", routing(NULL, GOOD), ["."], (remove("0 ."),)),
    ("target-is-address", routing(GOOD, LITERAL), ["192.0.2.1"], ()),
    ("unresolvable", routing(GONE), ["mx3.firm.fi"], ()),
    ("partly-unresolvable", routing(GOOD, GONE), ["mx3.firm.fi"], (remove("20 mx3.firm.fi"),)),
    ("partly-unresolvable", routing(GONE, SILENT), ["mx3.firm.fi"], (remove("20 mx3.firm.fi"),)),
    ("dns-timeout", routing(GOOD, SILENT), [], ()),
    ("nowhere", without(own=addresses("firm.fi")), [], ()),
]


@pytest.mark.parametrize(("outcome", "seen", "concerned", "records"), CASES)
def test_verdict(outcome: str, seen: MailRouting, concerned: list[str], records: tuple[Record, ...]) -> None:
    verdict = judged(CHECK, "firm.fi", seen, NOBODY)
    assert (verdict.outcome.name, verdict.subject, verdict.records) == (outcome, "firm.fi", records)
    assert verdict.facts["concerned"] == concerned


def test_every_outcome_is_reached() -> None:
    reached = {case[0] for case in CASES} | {"implicit", "implicit-server", "is-alias"}
    assert {outcome.name for outcome in CHECK.outcomes} == reached - {"dns-timeout", "address-not-public"}


def test_alias_can_have_no_records_of_its_own() -> None:
    mx = Answer("firm.fi", "MX", Lookup.NO_DATA, alias="shops.example")
    seen = MailRouting(mx, (MailHost(0, "firm.fi", OWN),), OWN)
    verdict = judged(CHECK, "firm.fi", seen, talked(Ending.UNREACHED))
    assert (verdict.outcome.name, verdict.records) == ("is-alias", ())


def implicit(servers: MailServers) -> tuple[str, list[str]]:
    verdict = judged(CHECK, "firm.fi", without(own=OWN), servers)
    assert {(record.action, record.name, record.type) for record in verdict.records} <= {("add", "firm.fi", "MX")}
    return verdict.outcome.name, [record.value for record in verdict.records]


@pytest.mark.parametrize("ending", [Ending.UNREACHED, Ending.NOT_SMTP])
def test_domain_where_nobody_takes_mail_may_say_so(ending: Ending) -> None:
    assert implicit(talked(ending)) == ("implicit", ["0 ."])


@pytest.mark.parametrize(
    "ending", [Ending.ENCRYPTED, Ending.NOT_OFFERED, Ending.TRY_LATER, Ending.TURNED_AWAY, Ending.TLS_FAILED]
)
def test_mail_server_at_the_domain_itself_is_named_not_refused(ending: Ending) -> None:
    assert implicit(talked(Ending.UNREACHED, ending)) == ("implicit-server", ["10 firm.fi"])


@pytest.mark.parametrize(
    "seen",
    [
        talked(Ending.SILENT),
        talked(Ending.UNREACHED, Ending.BROKEN_OFF),
        talked(Ending.UNREACHED, port_blocked=True),
        talked(),
    ],
)
def test_nobody_is_told_to_refuse_all_mail_where_we_could_not_look(seen: MailServers) -> None:
    assert implicit(seen) == ("implicit", [])


@pytest.mark.parametrize("reach", [Reach.BUSY_HERE, Reach.CALLED_ENOUGH, Reach.BLOCKED_HERE])
def test_nobody_is_told_to_refuse_all_mail_where_we_held_back(reach: Reach) -> None:
    talk = Conversation("192.0.2.1", Ending.UNREACHED, reach)
    assert implicit(MailServers((MailServer("firm.fi", OWN, (talk,)),))) == ("implicit", [])


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (without(Lookup.TIMEOUT), "dns-timeout"),
        (without(Lookup.FAILED), "dns-failed"),
        (without(own=addresses("firm.fi", v6=Lookup.TIMEOUT)), "dns-timeout"),
    ],
)
def test_unanswered_question_is_not_an_absent_record(seen: MailRouting, outcome: str) -> None:
    assert judged(CHECK, "firm.fi", seen, NOBODY).outcome.name == outcome
