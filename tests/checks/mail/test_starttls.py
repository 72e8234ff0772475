import itertools

import pytest

from checks import advice
from checks.addresses import VettedAddress
from checks.contract import Evidence, Json, Status
from checks.evidence.lookups import Answer, HostAddresses, Lookup, Reach
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.smtp import Conversation, Ending, MailServer, MailServers
from checks.evidence.tls import Handshake, HandshakeEnd
from checks.inspection import to_finding
from checks.languages import LANGUAGES
from checks.mail.starttls import CHECK, judge

HOST = "mx1.example.fi"
NOTHING = Answer(HOST, "AAAA", Lookup.NO_DATA)
SEEN = Handshake(HandshakeEnd.OK, "TLSv1.3", "TLS_AES_256_GCM_SHA384")
NOT_TLS = Handshake(HandshakeEnd.NOT_TLS)
CUT_OFF = Handshake(HandshakeEnd.DROPPED)


def addresses(*vetted: str, refused: tuple[str, ...] = (), lookup: Lookup = Lookup.FOUND) -> HostAddresses:
    a = Answer(HOST, "A", lookup, (*vetted, *refused))
    return HostAddresses(HOST, a, NOTHING, tuple(VettedAddress(text) for text in vetted), refused)


def routing(*, implicit: bool = False) -> MailRouting:
    if implicit:
        own = addresses("192.0.2.1")
        return MailRouting(Answer("example.fi", "MX", Lookup.NO_DATA), (MailHost(0, "example.fi", own),), own)
    mx = Answer("example.fi", "MX", Lookup.FOUND, (f"10 {HOST}.",))
    return MailRouting(mx, (MailHost(10, HOST, addresses("192.0.2.1")),))


def server(*conversations: Conversation, only_ipv6: bool = False, at: HostAddresses | None = None) -> MailServer:
    return MailServer(HOST, at or addresses("192.0.2.1"), conversations, only_ipv6)


def talk(ending: Ending, **facts: object) -> Conversation:
    return Conversation("192.0.2.1", ending, **facts)  # type: ignore[arg-type]


def verdicts(where: MailRouting, found: MailServers) -> list[tuple[str, str, dict[str, Json]]]:
    evidence = Evidence("example.fi", {MailRouting: where, MailServers: found})
    return [(verdict.outcome.name, verdict.subject, dict(verdict.facts)) for verdict in judge(evidence)]


def outcome(found: MailServer, *, implicit: bool = False) -> str:
    ((name, subject, _),) = verdicts(routing(implicit=implicit), MailServers((found,)))
    assert subject == HOST
    return name


@pytest.mark.parametrize(
    ("conversations", "name"),
    [
        ([talk(Ending.ENCRYPTED, handshake=SEEN)], "encrypted"),
        ([talk(Ending.NOT_OFFERED, code=250)], "not-offered"),
        ([talk(Ending.TLS_REFUSED, code=502)], "unclear-reply"),
        ([talk(Ending.TLS_FAILED, code=220, handshake=NOT_TLS)], "unclear-reply"),
        ([talk(Ending.CUT_OFF, code=220, handshake=CUT_OFF)], "connection-failed"),
        ([talk(Ending.TRY_LATER, code=421)], "try-later"),
        ([talk(Ending.TURNED_AWAY, code=554)], "turned-away"),
        ([talk(Ending.MASKED, code=250)], "masked"),
        ([talk(Ending.NOT_SMTP)], "not-smtp"),
        ([talk(Ending.SILENT)], "connection-timeout"),
        ([talk(Ending.BROKEN_OFF)], "connection-failed"),
        ([talk(Ending.UNREACHED, reach=Reach.TIMEOUT)], "connection-timeout"),
        ([talk(Ending.UNREACHED, reach=Reach.REFUSED)], "connection-refused"),
        ([talk(Ending.UNREACHED, reach=Reach.FAILED)], "connection-failed"),
        ([talk(Ending.UNREACHED, reach=Reach.CALLED_ENOUGH)], "called-enough"),
        ([talk(Ending.ENCRYPTED, handshake=SEEN), talk(Ending.NOT_OFFERED, code=250)], "not-offered"),
        ([talk(Ending.ENCRYPTED, handshake=SEEN), talk(Ending.UNREACHED, reach=Reach.TIMEOUT)], "encrypted"),
        ([talk(Ending.TRY_LATER, code=421), talk(Ending.NOT_OFFERED, code=250)], "not-offered"),
        ([talk(Ending.UNREACHED, reach=Reach.TIMEOUT), talk(Ending.TRY_LATER, code=421)], "try-later"),
    ],
)
def test_conversations_with_a_server_give_its_outcome(conversations: list[Conversation], name: str) -> None:
    assert outcome(server(*conversations)) == name


@pytest.mark.parametrize(
    ("conversation", "name"),
    [
        (talk(Ending.TLS_REFUSED, code=502), "offer-fails"),
        (talk(Ending.TLS_FAILED, code=220, handshake=NOT_TLS), "offer-fails"),
        (talk(Ending.TLS_FAILED, code=220, handshake=Handshake(HandshakeEnd.REFUSED)), "offer-fails"),
        (talk(Ending.CUT_OFF, code=220, handshake=CUT_OFF), "connection-failed"),
        (talk(Ending.SILENT, code=220, handshake=Handshake(HandshakeEnd.TIMEOUT)), "connection-timeout"),
    ],
)
def test_what_answers_an_agreed_handshake_is_a_fault_where_another_came_about(
    conversation: Conversation, name: str
) -> None:
    ((seen, _, _),) = verdicts(routing(), MailServers((server(conversation),), tls_passes=True))
    assert seen == name


def test_missing_offer_is_a_fault_only_where_others_offers_arrive() -> None:
    without = server(talk(Ending.NOT_OFFERED, code=250))
    for vanish, name in ((False, "not-offered"), (True, "blocked-from-here")):
        ((seen, _, _),) = verdicts(routing(), MailServers((without,), offers_vanish=vanish))
        assert seen == name


def test_facts_say_where_and_how() -> None:
    found = server(talk(Ending.ENCRYPTED, code=220, handshake=SEEN))
    assert verdicts(routing(), MailServers((found,))) == [
        (
            "encrypted",
            HOST,
            {
                "addresses": ["192.0.2.1"],
                "address": "192.0.2.1",
                "reply_code": 220,
                "tls_version": "TLSv1.3",
                "handshake": "ok",
            },
        )
    ]


@pytest.mark.parametrize("reach", [Reach.REFUSED, Reach.TIMEOUT])
def test_web_server_without_mail_is_no_mail_server(reach: Reach) -> None:
    assert outcome(server(talk(Ending.UNREACHED, reach=reach)), implicit=True) == "no-server"


@pytest.mark.parametrize("reach", [Reach.CALLED_ENOUGH, Reach.BUSY_HERE, Reach.BLOCKED_HERE])
def test_web_server_that_was_not_called_may_be_a_mail_server(reach: Reach) -> None:
    assert outcome(server(talk(Ending.UNREACHED, reach=reach)), implicit=True) == reach.reason.name


def test_mail_server_behind_the_domains_own_address_is_judged() -> None:
    assert outcome(server(talk(Ending.NOT_OFFERED, code=250)), implicit=True) == "not-offered"


@pytest.mark.parametrize(
    ("at", "only_ipv6", "name"),
    [
        (addresses("2001:db8::1"), True, "blocked-from-here"),
        (addresses(refused=("10.0.0.1",)), False, "address-not-public"),
        (addresses(lookup=Lookup.NO_NAME), False, "no-address"),
        (addresses(lookup=Lookup.TIMEOUT), False, "dns-timeout"),
        (addresses(lookup=Lookup.FAILED), False, "dns-failed"),
    ],
)
def test_server_that_was_not_talked_to(at: HostAddresses, only_ipv6: bool, name: str) -> None:  # noqa: FBT001 - a parameter of the test
    assert outcome(server(at=at, only_ipv6=only_ipv6)) == name


def test_address_in_place_of_a_name_is_told_by_another_finding() -> None:
    assert outcome(MailServer(HOST, None)) == "no-address"


def test_blocked_port_is_said_once() -> None:
    gone = talk(Ending.UNREACHED, reach=Reach.TIMEOUT)
    found = MailServers((server(gone), MailServer("mx2.example.fi", None, (gone,))), port_blocked=True)
    assert verdicts(routing(), found) == [("blocked-from-here", "example.fi", {"blocked": "port-25"})]


@pytest.mark.parametrize(
    ("mx", "name"),
    [
        (Answer("example.fi", "MX", Lookup.TIMEOUT), "dns-timeout"),
        (Answer("example.fi", "MX", Lookup.FAILED), "dns-failed"),
    ],
)
def test_unknown_routing_is_unknown(mx: Answer, name: str) -> None:
    assert verdicts(MailRouting(mx, ()), MailServers(())) == [(name, "example.fi", {})]


def test_null_mx_means_no_mail() -> None:
    null = MailRouting(Answer("example.fi", "MX", Lookup.FOUND, ("0 .",)), (MailHost(0, "", None),))
    assert verdicts(null, MailServers(())) == [("no-mail", "example.fi", {})]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_is_told(language: str) -> None:
    told = set()
    for ending, passes in itertools.product(Ending, (False, True)):
        reach = Reach.TIMEOUT if ending is Ending.UNREACHED else Reach.OK
        handshake = {Ending.ENCRYPTED: SEEN, Ending.TLS_FAILED: NOT_TLS}.get(ending)
        for implicit in (False, True):
            found = MailServers((server(talk(ending, reach=reach, code=220, handshake=handshake)),), tls_passes=passes)
            evidence = Evidence("example.fi", {MailRouting: routing(implicit=implicit), MailServers: found})
            (verdict,) = judge(evidence)
            finding = to_finding(CHECK.id, verdict)
            words = advice.tell(finding, "example.fi", language)
            assert (words.fix is not None) is (finding.status is Status.FAIL)
            told.add(finding.outcome)
    reasons = {"masked", "try-later", "turned-away", "not-smtp", "no-server", "connection-timeout", "connection-failed"}
    assert told == {own.name for own in CHECK.outcomes} | reasons | {"unclear-reply"}
