from datetime import timedelta

import pytest
from msgspec.structs import replace

from checks.addresses import VettedAddress
from checks.contract import Record
from checks.evidence.dane import Promise, Promises
from checks.evidence.dns import Delegation
from checks.evidence.lookups import Answer, HostAddresses, Lookup, Signature, Vantage
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.smtp import Conversation, Ending, MailServer, MailServers
from checks.evidence.tls import Handshake, HandshakeEnd, Trust
from checks.mail.dane import CHECK
from checks.records.certificates import describe
from checks.records.tlsa import promise_of
from tests.checks.making import NOW, Issued, Wanted, authority, issue
from tests.checks.telling import found, judged, nothing

DOMAIN, HOST = "example.fi", "mx.example.fi"
NAME = f"_25._tcp.{HOST}"
LEAF = issue(Wanted(names=(HOST,)))
OTHER = issue(Wanted(names=(HOST,)))
VANTAGE = Vantage(validates=True, ipv6=False, resolvers=("r1",), validating=("r1",))
SIGNED_MX = found(DOMAIN, "MX", f"10 {HOST}.", authenticated=True)
SIGNED_A = found(HOST, "A", "192.0.2.1", authenticated=True)
NO_AAAA = nothing(HOST, "AAAA")


def chain(*issued: Issued) -> Handshake:
    described = tuple(one for each in issued if (one := describe(each.certificate, each.der)) is not None)
    return Handshake(HandshakeEnd.OK, "TLSv1.3", "TLS_AES_256_GCM_SHA384", described, Trust.TRUSTED)


def fitting(issued: Issued) -> str:
    return promise_of(chain(issued).chain[0])


def signature(signer: str) -> Signature:
    return Signature("TLSA", 13, 1, signer, NOW, NOW + timedelta(days=10))


def tlsa(*records: str, signer: str = DOMAIN, authenticated: bool = True) -> Answer:
    return replace(found(NAME, "TLSA", *records, authenticated=authenticated), signatures=(signature(signer),))


def promise(answer: Answer, *addresses: Answer) -> Promise:
    return Promise(HOST, HOST, answer, addresses or (SIGNED_A, NO_AAAA))


def encrypted(*issued: Issued, address: str = "192.0.2.1") -> Conversation:
    return Conversation(address, Ending.ENCRYPTED, code=220, handshake=chain(*issued))


AT = HostAddresses(HOST, SIGNED_A, NO_AAAA, (VettedAddress("192.0.2.1"),), ())
ROUTING = MailRouting(SIGNED_MX, (MailHost(10, HOST, AT),))


def verdict(  # type: ignore[no-untyped-def]  # noqa: ANN201 - checks.contract.Verdict
    made: Promise,
    *talks: Conversation,
    mx: Answer = SIGNED_MX,
    vantage: Vantage = VANTAGE,
    at: HostAddresses = AT,
):
    return judged(
        CHECK,
        DOMAIN,
        ROUTING,
        MailServers((MailServer(HOST, at, talks or (encrypted(LEAF),)),), tls_passes=True),
        Promises((made,), NOW, mx if made.tlsa.records else None),
        Delegation(found(DOMAIN, "NS", "ns1.example.fi", "ns2.example.fi")),
        vantage,
    )


def outcome(made: Promise, *talks: Conversation, mx: Answer = SIGNED_MX, vantage: Vantage = VANTAGE) -> str:
    return str(verdict(made, *talks, mx=mx, vantage=vantage).outcome.name)


def test_certificate_as_promised_is_kept() -> None:
    assert outcome(promise(tlsa(fitting(LEAF)))) == "kept"
    assert outcome(promise(tlsa(fitting(OTHER), fitting(LEAF)))) == "kept"
    assert outcome(promise(tlsa("1 1 1 " + "ab" * 32, fitting(LEAF)))) == "kept"


def test_another_certificate_breaks_the_promise_and_its_record_is_offered() -> None:
    seen = verdict(promise(tlsa(fitting(OTHER))))
    assert (seen.outcome.name, seen.subject) == ("broken", HOST)
    assert seen.records == (Record("replace", NAME, "TLSA", fitting(LEAF)),)
    assert seen.facts == {
        "name": NAME,
        "records": [fitting(OTHER)],
        "fitting": [fitting(LEAF)],
        "unsigned": [],
    }


def test_every_address_must_keep_the_promise_and_is_remembered_in_what_is_offered() -> None:
    talks = (encrypted(LEAF), encrypted(OTHER, address="192.0.2.2"))
    seen = verdict(promise(tlsa(fitting(LEAF))), *talks)
    assert seen.outcome.name == "broken"
    assert [(one.action, one.value) for one in seen.records] == [("replace", fitting(LEAF)), ("add", fitting(OTHER))]
    assert outcome(promise(tlsa(fitting(LEAF), fitting(OTHER))), *talks) == "kept"


def test_server_that_was_seen_at_one_address_only_is_judged_by_that_one() -> None:
    silent = Conversation("192.0.2.2", Ending.SILENT)
    assert outcome(promise(tlsa(fitting(LEAF))), encrypted(LEAF), silent) == "kept"


def test_nothing_is_put_in_the_place_of_records_that_may_fit_an_address_not_seen() -> None:
    silent = Conversation("192.0.2.2", Ending.SILENT)
    at = HostAddresses(HOST, found(HOST, "A", "192.0.2.1", "192.0.2.2"), NO_AAAA, (VettedAddress("192.0.2.1"),), ())
    for talks in ((encrypted(LEAF),), (encrypted(LEAF), silent)):
        seen = verdict(promise(tlsa(fitting(OTHER))), *talks, at=at)
        assert (seen.outcome.name, seen.records) == ("broken", ())
    seen = verdict(promise(tlsa(fitting(OTHER))), encrypted(LEAF), encrypted(LEAF, address="192.0.2.2"), at=at)
    assert seen.records == (Record("replace", NAME, "TLSA", fitting(LEAF)),)


@pytest.mark.parametrize(
    "made",
    [
        promise(tlsa(fitting(OTHER), signer="mx.example.fi")),
        promise(tlsa(fitting(OTHER), signer="provider.example")),
        promise(replace(tlsa(fitting(OTHER)), alias="tlsa.example.fi")),
        replace(promise(tlsa(fitting(OTHER))), base="mx.provider.example"),
    ],
)
def test_record_in_another_zone_or_behind_an_alias_is_not_offered(made: Promise) -> None:
    seen = verdict(made)
    assert (seen.outcome.name, seen.records) == ("broken", ())


def test_records_of_a_kind_that_does_not_count_are_unusable() -> None:
    seen = verdict(promise(tlsa("1 1 1 " + "ab" * 32, "3 1 1 abcd")))
    assert seen.outcome.name == "unusable"
    assert seen.records == (Record("replace", NAME, "TLSA", fitting(LEAF)),)


def test_authority_promised_by_a_key_that_was_not_served_is_unclear() -> None:
    assert outcome(promise(tlsa("2 1 0 3082"))) == "unclear"


def test_certificate_that_cannot_be_read_is_unclear() -> None:
    assert outcome(promise(tlsa(fitting(OTHER))), encrypted()) == "unclear"


def test_authority_promised_is_kept_below_it() -> None:
    root = authority("Own Root")
    leaf = issue(Wanted(names=(HOST,)), root)
    record = f"2 1 1 {fitting(root).split()[-1]}"
    assert outcome(promise(tlsa(record)), encrypted(leaf, root)) == "kept"
    assert outcome(promise(tlsa(record)), encrypted(leaf)) == "broken"


@pytest.mark.parametrize("lookup", [Lookup.NO_DATA, Lookup.NO_NAME])
@pytest.mark.parametrize("ending", [Ending.ENCRYPTED, Ending.SILENT, Ending.TRY_LATER, Ending.NOT_OFFERED])
def test_no_promise_is_told_however_the_conversation_ended(lookup: Lookup, ending: Ending) -> None:
    talk = Conversation("192.0.2.1", ending, handshake=chain(LEAF) if ending is Ending.ENCRYPTED else None)
    assert outcome(promise(nothing(NAME, "TLSA", lookup)), talk) == "absent"


def test_promise_without_signature_does_not_count_and_is_no_fault() -> None:
    for record in (fitting(LEAF), fitting(OTHER)):
        seen = verdict(promise(tlsa(record, authenticated=False)))
        assert (seen.outcome.name, seen.facts["unsigned"]) == ("not-signed", [NAME])
    seen = verdict(promise(tlsa(fitting(OTHER)), replace(SIGNED_A, authenticated=False), NO_AAAA))
    assert (seen.outcome.name, seen.facts["unsigned"]) == ("not-signed", [HOST])


def test_promise_behind_an_alias_rests_on_the_records_own_name() -> None:
    behind = replace(SIGNED_A, authenticated=False, alias="mx.provider.example")
    assert outcome(promise(tlsa(fitting(LEAF)), behind, NO_AAAA)) == "kept"


def test_broken_promise_is_told_although_the_domain_is_not_signed() -> None:
    unsigned = replace(SIGNED_MX, authenticated=False)
    assert outcome(promise(tlsa(fitting(LEAF))), mx=unsigned) == "not-signed"
    assert outcome(promise(tlsa(fitting(OTHER))), mx=unsigned) == "broken"


def test_resolver_that_was_not_shown_to_validate_says_nothing() -> None:
    blind = replace(VANTAGE, validates=False, validating=())
    assert outcome(promise(tlsa(fitting(OTHER), authenticated=False)), vantage=blind) == "resolver-does-not-validate"
    unsigned = replace(SIGNED_MX, authenticated=False)
    assert outcome(promise(tlsa(fitting(LEAF))), mx=unsigned, vantage=blind) == "resolver-does-not-validate"


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (promise(nothing(NAME, "TLSA", Lookup.TIMEOUT)), "dns-timeout"),
        (promise(nothing(NAME, "TLSA", Lookup.FAILED)), "dns-failed"),
        (promise(replace(tlsa("3 1 1 " + "ab" * 32), bogus=True, authenticated=False)), "dns-failed"),
        (promise(replace(nothing(NAME, "TLSA"), bogus=True)), "dns-failed"),
        (promise(tlsa("3 1 1 " + "ab" * 32), nothing(HOST, "A", Lookup.TIMEOUT), NO_AAAA), "dns-timeout"),
    ],
)
def test_promise_that_could_not_be_looked_up_is_unknown(made: Promise, name: str) -> None:
    assert outcome(made) == name


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        (Ending.NOT_OFFERED, "no-starttls"),
        (Ending.TLS_REFUSED, "no-starttls"),
        (Ending.TRY_LATER, "try-later"),
        (Ending.SILENT, "connection-timeout"),
    ],
)
def test_server_whose_certificate_was_not_seen(ending: Ending, name: str) -> None:
    assert outcome(promise(tlsa(fitting(LEAF))), Conversation("192.0.2.1", ending, code=450)) == name
