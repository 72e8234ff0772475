import pytest

from checks.records.caa import Limit, identifiers_of


def test_record_is_read() -> None:
    assert Limit.parse('128 IssueWild "ca.example; account=12"') == Limit(True, "issuewild", "ca.example; account=12")  # noqa: FBT003 - the record's own flag


def test_escapes_are_undone() -> None:
    assert Limit.parse(r'0 issue "a\"b\\c\228"').value == 'a"b\\cä'


@pytest.mark.parametrize("text", ["", "issue", "0 issue ca.example", '0 is-sue "x"', '-1 issue "x"', '0 issue "x" y'])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text itself is the message
        Limit.parse(text)


@pytest.mark.parametrize(
    ("value", "issuer", "malformed"),
    [
        ("letsencrypt.org", "letsencrypt.org", False),
        (" LetsEncrypt.org ; validationmethods=dns-01; accounturi=https://a.example/1", "letsencrypt.org", False),
        ("letsencrypt.org;", "letsencrypt.org", False),
        ("localca", "localca", False),
        ("xn--ca-zka.example", "xn--ca-zka.example", False),
        ("", None, False),
        (";", None, False),
        (" ; account=1", None, False),
        ("https://letsencrypt.org", None, True),
        ("letsencrypt.org.", None, True),
        ("lets_encrypt.org", None, True),
        ("letsencrypt.org, digicert.com", None, True),
        ("letsencrypt.org; account", None, True),
        ("letsencrypt.org; a=b c", None, True),
        ("-ca.example", None, True),
    ],
)
def test_issuer(value: str, issuer: str | None, malformed: bool) -> None:  # noqa: FBT001 - an expected value
    limit = Limit(critical=False, tag="issue", value=value)
    assert (limit.issuer, limit.malformed) == (issuer, malformed)


@pytest.mark.parametrize(
    ("critical", "tag", "stops"),
    [(True, "tbs", True), (False, "tbs", False), (True, "issue", False), (True, "issuemail", False)],
)
def test_unknown_critical_property_stops_everyone(critical: bool, tag: str, stops: bool) -> None:  # noqa: FBT001
    assert Limit(critical, tag, "x").stops_everyone is stops


@pytest.mark.parametrize(
    ("authority", "identifier"),
    [
        ("Let's Encrypt", "letsencrypt.org"),
        ("DigiCert Inc", "digicert.com"),
        ("GoDaddy.com, Inc.", "godaddy.com"),
        ("Google Trust Services", "pki.goog"),
        ("Telia Finland Oyj", "telia.com"),
        ("ZeroSSL", "sectigo.com"),
    ],
)
def test_authority_is_known_by_its_name(authority: str, identifier: str) -> None:
    assert identifiers_of(authority)[0] == identifier


@pytest.mark.parametrize("authority", ["Firm Oy Internal CA", ""])
def test_strange_authority_has_no_name(authority: str) -> None:
    assert identifiers_of(authority) == ()


def test_every_name_in_the_table_can_stand_in_a_record() -> None:
    for authority in ("DigiCert", "Sectigo", "Entrust", "Telia", "Amazon", "Microsoft Corporation"):
        for name in identifiers_of(authority):
            assert Limit(critical=False, tag="issue", value=name).issuer == name
