from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from checks.contract import Record, Status
from checks.dns.caa import CHECK
from checks.evidence.dns import AuthorityLimits
from checks.evidence.lookups import HostAddresses, Lookup, Reach
from checks.evidence.tls import Certificate, Handshake, HandshakeEnd, Trust
from checks.evidence.web import Door, Visit, WebHost, WebHosts
from tests.checks.telling import found, judged, nothing

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NO_WEB = WebHosts((), NOW)


def web(
    *authorities: str, trust: Trust = Trust.TRUSTED, host: str = "firm.fi", names: tuple[str, ...] = ()
) -> WebHosts:
    def door(authority: str) -> Door:
        leaf = Certificate(b"", f"CN={host}", f"O={authority}", authority, names or (host,), NOW, NOW)
        shaken = Handshake(HandshakeEnd.OK, "TLSv1.3", "TLS_AES_128_GCM_SHA256", (leaf,), trust)
        return Door("192.0.2.1", Visit(Reach.REFUSED), Visit(Reach.OK, shaken))

    addresses = HostAddresses(host, found(host, "A", "192.0.2.1"), nothing(host, "AAAA"), (), ())
    return WebHosts((WebHost(host, addresses, tuple(door(name) for name in authorities)),), NOW)


def limits(*records: str) -> AuthorityLimits:
    own = found("firm.fi", "CAA", *records) if records else nothing("firm.fi", "CAA")
    return AuthorityLimits((own, nothing("fi", "CAA")))


LETS_ENCRYPT = '0 issue "letsencrypt.org"'

CASES = [
    ("present", limits(LETS_ENCRYPT), NO_WEB, ()),
    ("present", limits('0 issue "ca.example; validationmethods=dns-01"', '0 issue ";"'), NO_WEB, ()),
    ("present", limits('0 ISSUE "letsencrypt.org"', '128 issue "pki.goog"'), web("Google Trust Services"), ()),
    ("present", limits('0 issue "geotrust.com"'), web("DigiCert Inc"), ()),
    ("present", limits(LETS_ENCRYPT), web("Somebody's CA"), ()),
    ("present", limits(LETS_ENCRYPT), web("DigiCert Inc", trust=Trust.UNKNOWN_AUTHORITY), ()),
    ("present", limits(LETS_ENCRYPT), web("DigiCert Inc", host="www.firm.fi"), ()),
    (
        "names-another",
        limits('0 issue "letsencrypt.org; accounturi=https://a.example/1"', '0 issuewild ";"'),
        web("Let's Encrypt", "Sectigo Limited"),
        (Record("add", "firm.fi", "CAA", '0 issue "sectigo.com"'),),
    ),
    ("names-another", limits(LETS_ENCRYPT), web("Sectigo Limited", "Somebody's CA"), ()),
    ("only-wildcards", limits('0 issue ";"', '0 issuewild "letsencrypt.org"'), NO_WEB, ()),
    (
        "blocks-renewal",
        limits('0 issue ";"', '0 issuewild "letsencrypt.org"'),
        web("Let's Encrypt"),
        (
            Record("replace", "firm.fi", "CAA", LETS_ENCRYPT),
            Record("add", "firm.fi", "CAA", '0 issuewild "letsencrypt.org"'),
        ),
    ),
    ("absent", limits(), NO_WEB, ()),
    ("absent", limits(), web("Let's Encrypt"), (Record("add", "firm.fi", "CAA", LETS_ENCRYPT),)),
    ("absent", limits(), web("Let's Encrypt", trust=Trust.UNKNOWN_AUTHORITY), ()),
    (
        "absent",
        limits(),
        web("Let's Encrypt", host="www.firm.fi"),
        (Record("add", "firm.fi", "CAA", LETS_ENCRYPT),),
    ),
    ("absent", limits(), web("Somebody's CA"), ()),
    ("absent", limits(), web("Let's Encrypt", "Somebody's CA"), ()),
    (
        "absent",
        limits(),
        web("Google Trust Services", "DigiCert Inc", "DigiCert, Inc."),
        (
            Record("add", "firm.fi", "CAA", '0 issue "digicert.com"'),
            Record("add", "firm.fi", "CAA", '0 issue "pki.goog"'),
        ),
    ),
    ("names-nobody", limits('0 iodef "mailto:it@firm.fi"'), NO_WEB, ()),
    (
        "names-nobody",
        limits('0 issuewild ";"'),
        web("Let's Encrypt"),
        (Record("add", "firm.fi", "CAA", LETS_ENCRYPT),),
    ),
    ("forbids-all", limits('0 issue ";"'), NO_WEB, ()),
    ("forbids-all", limits('0 issue ""'), web("Let's Encrypt", trust=Trust.SELF_SIGNED), ()),
    (
        "blocks-renewal",
        limits('0 issue ";"'),
        web("Let's Encrypt"),
        (Record("replace", "firm.fi", "CAA", LETS_ENCRYPT),),
    ),
    ("malformed", limits('0 issue "https://letsencrypt.org/"'), NO_WEB, ()),
    (
        "malformed",
        limits('0 issue "letsencrypt.org; oops"'),
        web("Let's Encrypt"),
        (Record("replace", "firm.fi", "CAA", LETS_ENCRYPT),),
    ),
    ("not-understood", limits(LETS_ENCRYPT, '128 tbs "x"'), NO_WEB, ()),
    ("present", limits(LETS_ENCRYPT, '0 tbs "x"'), NO_WEB, ()),
]


@pytest.mark.parametrize(("outcome", "asked", "seen", "records"), CASES)
def test_verdict(outcome: str, asked: AuthorityLimits, seen: WebHosts, records: tuple[Record, ...]) -> None:
    verdict = judged(CHECK, "firm.fi", asked, seen)
    assert (verdict.outcome.name, verdict.subject, verdict.records) == (outcome, "firm.fi", records)


def test_records_leave_out_no_authority_of_the_www_name() -> None:
    hosts = WebHosts((*web("Let's Encrypt").hosts, *web("DigiCert Inc", host="www.firm.fi").hosts), NOW)
    verdict = judged(CHECK, "firm.fi", limits(), hosts)
    assert [record.value for record in verdict.records] == ['0 issue "digicert.com"', LETS_ENCRYPT]


def test_no_record_where_the_authority_of_the_www_name_is_not_known() -> None:
    hosts = WebHosts((*web("Let's Encrypt").hosts, *web("Somebody's CA", host="www.firm.fi").hosts), NOW)
    assert judged(CHECK, "firm.fi", limits(), hosts).records == ()


def test_replacing_keeps_what_is_right() -> None:
    asked = limits('0 issue "digicert.com"', '128 tbs "x"', '0 issuewild ";"', '0 iodef "mailto:it@firm.fi"')
    assert judged(CHECK, "firm.fi", asked, web("Let's Encrypt", "DigiCert Inc")).records == (
        Record("replace", "firm.fi", "CAA", LETS_ENCRYPT),
        Record("add", "firm.fi", "CAA", '0 issue "digicert.com"'),
        Record("add", "firm.fi", "CAA", '0 issuewild ";"'),
        Record("add", "firm.fi", "CAA", '0 iodef "mailto:it@firm.fi"'),
    )


def test_replacing_several_replaces_once() -> None:
    verdict = judged(CHECK, "firm.fi", limits('0 issue ";"'), web("Let's Encrypt", "DigiCert Inc"))
    assert verdict.records == (
        Record("replace", "firm.fi", "CAA", '0 issue "digicert.com"'),
        Record("add", "firm.fi", "CAA", LETS_ENCRYPT),
    )


def test_certificate_of_the_www_name_alone_proves_no_fault() -> None:
    seen = web("Let's Encrypt", host="www.firm.fi")
    assert judged(CHECK, "firm.fi", limits('0 issue ";"'), seen).outcome.name == "forbids-all"


def test_every_outcome_is_reached() -> None:
    assert {outcome.name for outcome in CHECK.outcomes} == {case[0] for case in CASES}


def test_wildcard_certificate_follows_the_limit_of_the_name_above() -> None:
    asked = AuthorityLimits((found("shop.firm.fi", "CAA", LETS_ENCRYPT), nothing("firm.fi", "CAA")))
    seen = web("DigiCert Inc", host="shop.firm.fi", names=("*.firm.fi",))
    assert judged(CHECK, "shop.firm.fi", asked, seen).outcome.name == "present"


def test_record_is_added_where_the_limit_stands() -> None:
    asked = AuthorityLimits((nothing("shop.firm.fi", "CAA"), found("firm.fi", "CAA", LETS_ENCRYPT)))
    verdict = judged(CHECK, "shop.firm.fi", asked, web("DigiCert Inc", host="shop.firm.fi"))
    assert (verdict.outcome.name, verdict.facts["left_out"]) == ("names-another", ["DigiCert Inc"])
    assert verdict.records == (Record("add", "firm.fi", "CAA", '0 issue "digicert.com"'),)


@pytest.mark.parametrize("records", [(), ('0 issue ";"',), ('0 issue "digicert.com"',)])
def test_no_record_is_offered_beside_an_alias(records: tuple[str, ...]) -> None:
    own = replace(found("firm.fi", "CAA", *records) if records else nothing("firm.fi", "CAA"), alias="cdn.example")
    verdict = judged(CHECK, "firm.fi", AuthorityLimits((own, nothing("fi", "CAA"))), web("Let's Encrypt"))
    assert (verdict.outcome.status, verdict.records) == (Status.FAIL, ())


def test_larger_domain_speaks_for_a_smaller_one() -> None:
    asked = AuthorityLimits(
        (nothing("shop.firm.fi", "CAA"), found("firm.fi", "CAA", LETS_ENCRYPT), nothing("fi", "CAA"))
    )
    verdict = judged(CHECK, "shop.firm.fi", asked, NO_WEB)
    assert (verdict.outcome.name, verdict.facts["at"], verdict.facts["authorities"]) == (
        "present",
        "firm.fi",
        ["letsencrypt.org"],
    )


@pytest.mark.parametrize(("lookup", "outcome"), [(Lookup.TIMEOUT, "dns-timeout"), (Lookup.FAILED, "dns-failed")])
def test_unanswered_question_on_the_way_up_leaves_it_open(lookup: Lookup, outcome: str) -> None:
    asked = AuthorityLimits((nothing("firm.fi", "CAA", lookup), found("fi", "CAA", LETS_ENCRYPT)))
    assert judged(CHECK, "firm.fi", asked, NO_WEB).outcome.name == outcome


def test_unanswered_question_above_the_record_does_not_matter() -> None:
    asked = AuthorityLimits((found("firm.fi", "CAA", LETS_ENCRYPT), nothing("fi", "CAA", Lookup.TIMEOUT)))
    assert judged(CHECK, "firm.fi", asked, NO_WEB).outcome.name == "present"
