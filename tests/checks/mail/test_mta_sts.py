"""What a sender who insists on encryption would see, and what is offered in its place."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from checks import contract
from checks.addresses import VettedAddress
from checks.contract import Evidence, Outcome, Record, Verdict
from checks.evidence.lookups import Answer, HostAddresses, Lookup, Reach
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.mta_sts import MtaSts
from checks.evidence.smtp import Conversation, Ending, MailServer, MailServers
from checks.evidence.tls import Handshake, HandshakeEnd, Trust
from checks.evidence.web import HttpAnswer, Visit, WebHosts
from checks.mail.mta_sts import CHECK
from checks.mail.promised import enforced
from checks.records.mta_sts import PATH, Policy, parse
from tests.checks import seen
from tests.checks.making import NOW, Wanted, issue
from tests.checks.seen import AUTHORITY
from tests.checks.telling import nothing, told

DOMAIN, HOST, PLACE = "good.test", "mta-sts.good.test", "_mta-sts.good.test"
MX1, MX2 = "mx1.good.test", "mx2.good.test"
STS = "v=STSv1; id=1"
GOOD = "version: STSv1\nmode: enforce\nmx: mx1.good.test\nmax_age: 604800\n"


def shaken(*names: str, trust: Trust = Trust.TRUSTED, days: tuple[float, float] = (-30, 60)) -> Handshake:
    return seen.handshake(issue(Wanted(names=names, days=days), AUTHORITY), trust)


AT_HOST = shaken(HOST)
AT_MX = shaken(MX1)


def served(text: str, kind: str | None = "text/plain; charset=utf-8", status: int = 200, **headers: str) -> Visit:
    types = () if kind is None else (("content-type", kind),)
    answer = HttpAnswer(status, (*types, *((name.replace("_", "-"), value) for name, value in headers.items())))
    return Visit(Reach.OK, AT_HOST, HttpAnswer(status, answer.headers, text.encode()))


def addresses(host: str, v4: Lookup = Lookup.FOUND, alias: str | None = None) -> HostAddresses:
    records = ("192.0.1.1",) if v4 is Lookup.FOUND else ()
    answer = Answer(host, "A", v4, records, alias=alias)
    v6 = nothing(host, "AAAA", Lookup.NO_DATA if v4.value in {"found", "no-data"} else v4)
    return HostAddresses(host, answer, v6, tuple(map(VettedAddress, records)), ())


def mail_host(host: str, preference: int = 10, v4: Lookup = Lookup.FOUND) -> MailHost:
    return MailHost(preference, host, addresses(host, v4))


def talked(host: str, *endings: Ending, handshake: Handshake = AT_MX) -> MailServer:
    talks = tuple(
        Conversation("192.0.1.1", ending, handshake=handshake if ending is Ending.ENCRYPTED else None)
        for ending in endings or (Ending.ENCRYPTED,)
    )
    return MailServer(host, addresses(host), talks)


@dataclass
class Case:
    """good.test with one mail server and a good policy, but for what is changed."""

    texts: tuple[str, ...] = (STS,)
    visits: tuple[Visit, ...] = (served(GOOD),)
    hosts: tuple[MailHost, ...] = (mail_host(MX1),)
    servers: tuple[MailServer, ...] = (talked(MX1),)
    host: HostAddresses = field(default_factory=lambda: addresses(HOST))
    unseen: Outcome | None = None
    website_of: str | None = None
    record: Answer | None = None
    web: tuple[Any, ...] = (seen.host(seen.door()),)
    routing: MailRouting | None = None

    @property
    def sts(self) -> MtaSts:
        lookup = Lookup.FOUND if self.texts else Lookup.NO_NAME
        record = self.record or Answer(PLACE, "TXT", lookup, self.texts)
        return MtaSts(record, self.host, self.visits, NOW, self.unseen, self.website_of)

    @property
    def verdict(self) -> Verdict:
        records = tuple(f"{each.preference} {each.host}." for each in self.hosts)
        routing = self.routing or MailRouting(Answer(DOMAIN, "MX", Lookup.FOUND, records), self.hosts)
        parts = {
            MailRouting: routing,
            MtaSts: self.sts,
            MailServers: MailServers(self.servers),
            WebHosts: WebHosts(self.web, NOW),
        }
        (only,) = CHECK.judge(Evidence(DOMAIN, parts))
        told(CHECK, DOMAIN, only)
        return only

    @property
    def outcome(self) -> str:
        return self.verdict.outcome.name


TESTING = GOOD.replace("enforce", "testing")
BOTH = (mail_host(MX1), mail_host(MX2, 20))
CASES = [
    ("enforced", Case()),
    ("enforced", Case(visits=(served(GOOD, None),))),
    ("enforced", Case(visits=(served("<p>"), served(GOOD)))),
    ("enforced", Case(texts=(STS, "v=spf1 -all"))),
    ("enforced", Case(hosts=(mail_host(MX1), mail_host("gone.good.test", 20, Lookup.NO_NAME)))),
    ("enforced", Case(visits=(served(GOOD.replace("mx1.", "*.")),), hosts=BOTH)),
    ("testing", Case(visits=(served(TESTING),))),
    ("testing-incomplete", Case(visits=(served(TESTING),), hosts=BOTH)),
    ("switched-off", Case(visits=(served(GOOD.replace("enforce", "none")),))),
    ("short-lived", Case(visits=(served(GOOD.replace("604800", "3600")),))),
    ("absent", Case(texts=(), visits=())),
    ("absent", Case(texts=("v=spf1 -all",), visits=())),
    ("record-invalid", Case(texts=(STS, "v=STSv1; id=2"))),
    ("record-invalid", Case(texts=("v=STSv1; id=a-b",))),
    ("record-invalid", Case(texts=("v=STSv1 id=1",))),
    ("policy-missing", Case(visits=(served("", status=404),))),
    ("policy-missing", Case(visits=(served("", status=302, location="https://good.test/"),))),
    ("policy-missing", Case(visits=(served("<!doctype html>", "text/html"),))),
    ("policy-missing", Case(visits=(served(GOOD, "text/html"),))),
    ("policy-missing", Case(visits=(Visit(Reach.OK, Handshake(HandshakeEnd.REFUSED)),))),
    ("policy-missing", Case(visits=(), host=addresses(HOST, Lookup.NO_NAME))),
    ("policy-untrusted", Case(visits=(Visit(Reach.OK, shaken("good.test"), HttpAnswer(200)),))),
    ("policy-untrusted", Case(visits=(Visit(Reach.OK, shaken(HOST, trust=Trust.SELF_SIGNED), HttpAnswer(200)),))),
    ("policy-untrusted", Case(visits=(Visit(Reach.OK, shaken(HOST, days=(-90, -1)), HttpAnswer(200)),))),
    ("policy-malformed", Case(visits=(served(GOOD.replace("STSv1", "STSv2")),))),
    ("policy-malformed", Case(visits=(served("<p>Hello</p>", None),))),
    ("no-server-named", Case(visits=(served(GOOD.replace("mx1", "old")),))),
    ("some-not-named", Case(hosts=BOTH)),
    ("connection-timeout", Case(visits=(Visit(Reach.TIMEOUT),))),
    ("connection-timeout", Case(visits=(Visit(Reach.OK, AT_HOST, silent=True),))),
    ("connection-refused", Case(visits=(Visit(Reach.REFUSED),))),
    ("connection-failed", Case(visits=(Visit(Reach.OK, Handshake(HandshakeEnd.DROPPED)),))),
    ("connection-failed", Case(visits=(served(GOOD, content_length="9999"),))),
    ("page-not-shown", Case(visits=(served("", status=403),))),
    ("page-not-shown", Case(visits=(served("", status=500),))),
    ("rate-limited", Case(visits=(served("", status=429),))),
    ("rate-limited", Case(visits=(served("", status=503, retry_after="60"),))),
    ("dns-timeout", Case(visits=(), host=addresses(HOST, Lookup.TIMEOUT))),
    ("address-not-public", Case(visits=(), unseen=contract.ADDRESS_NOT_PUBLIC)),
    ("called-enough", Case(visits=())),
    ("dns-failed", Case(record=nothing(PLACE, "TXT", Lookup.FAILED), visits=())),
    ("no-mail", Case(routing=MailRouting(Answer(DOMAIN, "MX", Lookup.FOUND, ("0 .",)), (MailHost(0, "", None),)))),
    ("no-mx", Case(routing=MailRouting(nothing(DOMAIN, "MX"), (mail_host(DOMAIN),), addresses(DOMAIN)))),
    ("no-mx", Case(hosts=(MailHost(10, "192.0.1.1", None),))),
    ("no-mx", Case(hosts=(mail_host("gone.good.test", v4=Lookup.NO_NAME),))),
    ("dns-timeout", Case(routing=MailRouting(nothing(DOMAIN, "MX", Lookup.TIMEOUT), ()))),
]


@pytest.mark.parametrize(("outcome", "case"), CASES)
def test_outcome(outcome: str, case: Case) -> None:
    assert case.outcome == outcome


def test_every_outcome_is_reached() -> None:
    assert {outcome.name for outcome in CHECK.outcomes} - {case[0] for case in CASES} == set()


NOWHERE = addresses(HOST, Lookup.NO_NAME)
NEW = Policy("enforce", 86400, (MX1,))


def announced(policy: Policy, action: str = "replace") -> Record:
    return Record(action, PLACE, "TXT", f"v=STSv1; id={policy.id}")


def test_first_policy_names_every_mail_server_and_leads_to_the_website() -> None:
    verdict = Case(texts=(), visits=(), host=NOWHERE).verdict
    assert verdict.records == (Record("add", HOST, "CNAME", DOMAIN), announced(NEW, "add"))
    assert {snippet.platform: snippet.place for snippet in verdict.snippets} == {
        "nginx": "https",
        "caddy": "https",
        "apache": PATH,
        "iis": PATH,
    }
    assert parse(next(snippet.text for snippet in verdict.snippets if snippet.platform == "iis")) == NEW
    assert verdict == Case(texts=(), visits=(), host=NOWHERE).verdict


@pytest.mark.parametrize(
    "servers",
    [
        (),
        (talked(MX1, Ending.SILENT),),
        (talked(MX1, Ending.ENCRYPTED, Ending.NOT_OFFERED),),
        (talked(MX1, handshake=shaken("other.test")),),
        (talked(MX1, handshake=shaken(MX1, trust=Trust.UNCLEAR)),),
        (talked(MX1, handshake=shaken(MX1, days=(-90, -1))),),
    ],
)
def test_no_server_is_held_to_what_it_was_not_seen_to_keep(servers: tuple[MailServer, ...]) -> None:
    verdict = Case(texts=(), visits=(), servers=servers).verdict
    assert (verdict.outcome.name, verdict.records, verdict.snippets) == ("absent", (), ())


@pytest.mark.parametrize(("names", "offered"), [((MX1, MX2), True), ((MX1,), False)])
def test_server_that_was_not_talked_to_counts_where_another_shows_its_certificate(
    names: tuple[str, ...],
    offered: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    case = Case(texts=(), visits=(), hosts=BOTH, servers=(talked(MX1, handshake=shaken(*names)),))
    assert bool(case.verdict.records) is offered


@pytest.mark.parametrize(
    "case",
    [
        Case(texts=(), visits=(), host=NOWHERE, web=()),
        Case(texts=(), visits=(), host=NOWHERE, website_of="Wix"),
        Case(texts=(), visits=(), host=addresses(HOST, Lookup.TIMEOUT)),
        Case(visits=(served("", status=404),), host=addresses(HOST, alias="policies.host.example")),
        Case(record=Answer(PLACE, "TXT", Lookup.FOUND, (STS, STS), alias="policies.host.example")),
        Case(visits=(Visit(Reach.OK, shaken("good.test"), HttpAnswer(200)),)),
    ],
)
def test_nothing_is_offered_that_could_be_wrong(case: Case) -> None:
    assert (case.verdict.records, case.verdict.snippets) == ((), ())
    assert case.verdict.outcome.status is contract.Status.FAIL


def test_left_out_server_is_added_to_the_policy_as_it_is() -> None:
    verdict = Case(hosts=BOTH).verdict
    complete = Policy("enforce", 604800, (MX1, MX2))
    assert verdict.records == (announced(complete),)
    assert parse(next(snippet.text for snippet in verdict.snippets if snippet.platform == "apache")) == complete


def test_mended_record_announces_the_policy_that_is_there() -> None:
    verdict = Case(texts=(STS, "v=STSv1; id=2")).verdict
    assert (verdict.records, verdict.snippets) == ((announced(Policy("enforce", 604800, (MX1,))),), ())


def test_malformed_trial_stays_a_trial() -> None:
    verdict = Case(visits=(served(TESTING.replace("STSv1", "STS1")),), servers=()).verdict
    assert verdict.records == (announced(Policy("testing", 604800, (MX1,))),)


def test_policy_is_in_force_only_where_senders_would_follow_it() -> None:
    assert enforced(Case().sts) == Policy("enforce", 604800, (MX1,))
    assert enforced(Case(visits=(served(TESTING),)).sts) is None
    assert enforced(Case(texts=(STS, "v=STSv1; id=2")).sts) is None
    assert enforced(Case(visits=(served("", status=404),)).sts) is None
