from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from checks import advice, providers
from checks.contract import Finding, Fix, Json, Record, Severity, Status
from checks.errors import CardError
from checks.languages import LANGUAGES
from checks.providers import TOPICS, Provider, Providers, all_providers, detect, offering
from checks.registry import ALL_CHECKS

NAMES = {
    "cloudflare", "godaddy", "google-workspace", "hostinger", "louhi",
    "microsoft365", "shopify", "squarespace", "wix", "zoner",
}  # fmt: skip
CLOUDFLARE_ADDRESS = "104.16.132.229"

each_provider = pytest.mark.parametrize("provider", all_providers(), ids=lambda provider: provider.id)


def seen(check: str, subject: str = "kahvila.fi", **facts: Json) -> Finding:
    return Finding(check, Status.PASS, Severity.INFO, subject, "any", facts)


def served_by(*names: str) -> Finding:
    return seen("dns.ns_count", zone="kahvila.fi", name_servers=[*names], count=len(names))


def mail_at(*names: str) -> Finding:
    return seen("mail.mx", mail_servers=[*names], concerned=[], alias=None)


def sends_with(text: str) -> Finding:
    return seen("mail.spf", record=text)


def shown_at(*addresses: str, alias: str | None = None, host: str = "kahvila.fi") -> Finding:
    return seen("tls.https", host, encrypted=[*addresses], unencrypted=[], alias=alias)


def id_of(provider: Provider | None) -> str | None:
    return provider.id if provider is not None else None


def test_the_ten_providers_are_there() -> None:
    assert {provider.id for provider in all_providers()} == NAMES


@each_provider
def test_provider_tells_something_for_each_of_its_topics_in_every_language(provider: Provider) -> None:
    assert provider.steps
    for topic, console in provider.steps.items():
        assert TOPICS[topic] in provider.roles
        assert console.source.startswith("https://")
        assert date(2026, 1, 1) <= console.seen <= date.today()  # noqa: DTZ011 - a day of the calendar
        texts = [console.steps[language] for language in LANGUAGES]
        assert len({len(lines) for lines in texts}) == 1
        assert all(len(set(same)) == 3 for same in zip(*texts, strict=True))
        assert not [line for lines in texts for line in lines if "!" in line or line != line.strip() or "  " in line]


@each_provider
def test_console_is_named_alike_in_every_language(provider: Provider) -> None:
    """What stands in quotation marks is the console's own word, whatever the language around it."""
    for console in provider.steps.values():
        quoted = [
            [part for line in console.steps[language] for part in line.replace("”", '"').split('"')[1::2]]
            for language in ("fi", "sv", "en")
        ]
        known = set(quoted[2]) | {"Oma Zoner", "id"}
        assert set(quoted[0]) <= known
        assert set(quoted[1]) <= known


@pytest.mark.parametrize(
    ("finding", "dns", "mail"),
    [
        (served_by("ada.ns.cloudflare.com", "bob.ns.cloudflare.com"), "cloudflare", None),
        (served_by("NS57.domaincontrol.com.", "ns58.domaincontrol.com"), "godaddy", None),
        (served_by("dns1.louhi.net", "dns2.louhi.net"), "louhi", None),
        (served_by("ns1.zoner.fi", "ns3.zoner.fi"), "zoner", None),
        (served_by("ns1.dns-parking.com", "ns2.dns-parking.com"), "hostinger", None),
        (served_by("ns2.wixdns.net", "ns3.wixdns.net"), "wix", None),
        (served_by("ns01.squarespacedns.com", "ns02.squarespacedns.com"), "squarespace", None),
        (served_by("ns1.bdm.microsoftonline.com", "ns2.bdm.microsoftonline.com"), "microsoft365", None),
        (mail_at("kahvila-fi.mail.protection.outlook.com"), None, "microsoft365"),
        (mail_at("kahvila-fi.q-v1.mx.microsoft"), None, "microsoft365"),
        (mail_at("aspmx.l.google.com", "alt1.aspmx.l.google.com", "aspmx2.googlemail.com"), None, "google-workspace"),
        (mail_at("smtp.google.com"), None, "google-workspace"),
        (mail_at("mx1.hostinger.com", "mx2.hostinger.com"), None, "hostinger"),
        (mail_at("smtp.secureserver.net", "mailstore1.secureserver.net"), None, "godaddy"),
        (sends_with("v=spf1 include:spf.protection.outlook.com -all"), None, "microsoft365"),
        (sends_with("v=spf1 include:servers.mcsv.net include:_spf.google.com ~all"), None, "google-workspace"),
        (sends_with("v=spf1 include:_spf.louhi.net ~all"), None, "louhi"),
        (sends_with("v=spf1 redirect=spf.zoner.fi"), None, "zoner"),
        (seen("mail.spf", records=["v=spf1 -all", "v=spf1 include:_spf.google.com -all"]), None, "google-workspace"),
    ],
)
def test_provider_is_recognised_by_its_records(finding: Finding, dns: str | None, mail: str | None) -> None:
    found = detect([finding])
    assert (id_of(found.dns), id_of(found.mail), dict(found.web)) == (dns, mail, {})


@pytest.mark.parametrize(
    "finding",
    [
        served_by("ns.cloudflare.com.evil.test"),
        served_by("ns1.notcloudflare.com", "ns2.my-ns.cloudflare.com.fi"),
        served_by("xns.cloudflare.com"),
        served_by("ada.ns.cloudflare.com", "ns1.other.example"),
        served_by("ada.ns.cloudflare.com", "ns1.zoner.fi"),
        served_by("ns1.ns-zoner.fi"),
        served_by(),
        mail_at("mail.protection.outlook.com.kahvila.fi"),
        mail_at("mx.notgoogle.com"),
        mail_at("aspmx.l.google.com", "mail.kahvila.fi"),
        mail_at("."),
        mail_at(),
        sends_with("v=spf1 include:_spf.google.com include:spf.protection.outlook.com -all"),
        sends_with("v=spf1 include:_spf.google.com.evil.test -all"),
        sends_with("v=spf1 a:mail.zoner.fi -all"),
        seen("mail.spf", record=None),
        shown_at("192.0.2.1", alias="myshopify.com.evil.test"),
        shown_at("192.0.2.1", alias="notsquarespace.com"),
        shown_at("23.227.38.65", "192.0.2.1"),
        shown_at(CLOUDFLARE_ADDRESS),
        shown_at(),
    ],
)
def test_lookalike_or_mixed_records_name_nobody(finding: Finding) -> None:
    assert detect([finding]) == Providers()


def test_mail_goes_by_where_it_arrives_before_what_may_send_it() -> None:
    records = [mail_at("aspmx.l.google.com"), sends_with("v=spf1 include:spf.protection.outlook.com -all")]
    assert id_of(detect(records).mail) == "google-workspace"


@pytest.mark.parametrize(
    ("finding", "provider"),
    [
        (shown_at("192.0.2.1", alias="shops.myshopify.com"), "shopify"),
        (shown_at("23.227.38.65", "2620:127:f00f:5::"), "shopify"),
        (shown_at("198.185.159.144", "198.49.23.145"), "squarespace"),
        (shown_at("192.0.2.1", alias="ext-sq.squarespace.com"), "squarespace"),
        (shown_at("192.0.2.1", alias="cdn1.wixdns.net"), "wix"),
        (shown_at("192.0.2.1", alias="kahvila.fi.cdn.hstgr.net"), "hostinger"),
        (shown_at("192.0.2.1", alias="kahvila.fi.cdn.cloudflare.net"), "cloudflare"),
    ],
)
def test_website_is_recognised_by_its_alias_or_addresses(finding: Finding, provider: str) -> None:
    assert {host: each.id for host, each in detect([finding]).web.items()} == {"kahvila.fi": provider}


def test_each_host_name_may_be_somewhere_else() -> None:
    web = detect(
        [shown_at("198.185.159.144"), shown_at("192.0.2.1", alias="shops.myshopify.com", host="www.kahvila.fi")]
    ).web
    assert {host: provider.id for host, provider in web.items()} == {
        "kahvila.fi": "squarespace",
        "www.kahvila.fi": "shopify",
    }


def test_shared_front_counts_only_beside_the_same_company_s_name_servers() -> None:
    names = served_by("ada.ns.cloudflare.com", "bob.ns.cloudflare.com")
    assert {host: each.id for host, each in detect([shown_at(CLOUDFLARE_ADDRESS), names]).web.items()} == {
        "kahvila.fi": "cloudflare"
    }
    assert detect([shown_at(CLOUDFLARE_ADDRESS), served_by("ns1.zoner.fi")]).web == {}


def test_result_kept_before_the_alias_was_noted_is_still_read() -> None:
    old = seen("tls.https", encrypted=["23.227.38.65"], unencrypted=[])
    assert id_of(detect([old]).web.get("kahvila.fi")) == "shopify"


NO_DMARC = Finding(
    "mail.dmarc",
    Status.FAIL,
    Severity.HIGH,
    "kahvila.fi",
    "absent",
    {},
    Fix("ask-for-reports", (Record("add", "_dmarc.kahvila.fi", "TXT", "v=DMARC1; p=none"),)),
)


@pytest.mark.parametrize(
    ("language", "first"),
    [("fi", "Kirjaudu Oma Zoneriin"), ("sv", "Logga in i ”Oma Zoner”"), ("en", 'Sign in to "Oma Zoner"')],
)
def test_fix_is_told_with_the_steps_of_the_domain_s_own_provider(language: str, first: str) -> None:
    told = advice.tell(NO_DMARC, "kahvila.fi", language, detect([served_by("ns1.zoner.fi", "ns3.zoner.fi")])).fix
    assert told is not None
    assert told.provider is not None
    assert (told.provider.id, told.provider.name) == ("zoner", "Zoner")
    assert told.provider.steps[0].startswith(first)


@pytest.mark.parametrize("known", [None, Providers(), detect([mail_at("aspmx.l.google.com")])])
def test_fix_names_no_provider_where_none_serves_in_that_role(known: Providers | None) -> None:
    told = advice.tell(NO_DMARC, "kahvila.fi", "fi", known).fix
    assert told is not None
    assert told.provider is None


def test_record_in_somebody_else_s_zone_is_not_told_with_the_domain_s_own_console() -> None:
    assert NO_DMARC.fix is not None
    elsewhere = replace(NO_DMARC.fix.records[0], name="kahvila.fi._report._dmarc.reports.example")
    finding = replace(NO_DMARC, fix=replace(NO_DMARC.fix, records=(elsewhere,)))
    told = advice.tell(finding, "kahvila.fi", "fi", detect([served_by("ns1.zoner.fi", "ns3.zoner.fi")])).fix
    assert told is not None
    assert told.provider is None


def test_website_s_steps_are_those_of_the_host_name_that_the_finding_is_about() -> None:
    found = detect([shown_at("192.0.2.1", alias="shops.myshopify.com", host="www.kahvila.fi")])
    assert found.steps("https", "kahvila.fi", "en") is None
    told = found.steps("https", "www.kahvila.fi", "en")
    assert told is not None
    assert told.id == "shopify"


def test_every_console_that_a_card_names_is_a_topic() -> None:
    cards = [advice.card(check.id) for check in ALL_CHECKS]
    named = {fix.console for card in cards for fix in card.fixes.values()} - {None}
    assert named <= set(TOPICS)
    assert {topic for provider in all_providers() for topic in provider.steps} <= named


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("[steps.dns-record]", "[steps.dns-records]"),
        ("seen = 2026-11-23", 'seen = "lately"'),
        ("seen = 2026-11-23\n", ""),
        ('source = "https://', 'source = "http://'),
        ("en = [", 'en = [ "One more.",'),
        ("fi = [", "de = ["),
        ('name = "Louhi"\n', ""),
        ("[detect]", "[detect"),
    ],
)
def test_malformed_file_is_an_error(good: str, bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = (Path(providers.__file__).parent / "louhi.toml").read_text(encoding="utf-8")
    assert good in source
    (tmp_path / "spoilt.toml").write_text(source.replace(good, bad, 1), encoding="utf-8")
    monkeypatch.setattr(providers, "_HERE", tmp_path)
    all_providers.cache_clear()
    try:
        with pytest.raises(CardError, match="spoilt"):
            all_providers()
    finally:
        all_providers.cache_clear()


def test_somebody_s_choice_takes_the_place_of_whom_the_records_show() -> None:
    by_id = {each.id: each for each in all_providers()}
    seen = detect([served_by("ns1.zoner.fi", "ns3.zoner.fi")])
    chosen = replace(seen, chosen={"dns": by_id["louhi"]})
    general = replace(seen, chosen={"dns": None})
    told = [each.steps("dns-record", "kahvila.fi", "en") for each in (seen, chosen, general)]
    assert [one.id if one else None for one in told] == ["zoner", "louhi", None]
    assert id_of(chosen.seen("dns-record", "kahvila.fi")) == "zoner"


def test_only_those_who_have_steps_about_a_topic_are_offered() -> None:
    assert all("dnssec" in each.steps for each in offering("dnssec"))
    assert [each.name for each in offering("dkim")] == sorted(each.name for each in offering("dkim"))
    assert "google-workspace" not in [each.id for each in offering("dns-record")]
