import pytest

from checks.records.tls_rpt import TlsReports, addresses_meant, compose, counts, is_meant, parse

MAIL = "mailto:a@firm.fi"


@pytest.mark.parametrize(
    ("text", "reports"),
    [
        (f"v=TLSRPTv1; rua={MAIL}", TlsReports((MAIL,))),
        (f"v=TLSRPTv1;rua={MAIL},https://r.example/v1;", TlsReports((MAIL, "https://r.example/v1"))),
        (f"v=TLSRPTv1; rua={MAIL} , mailto:b@firm.fi; ext=1", TlsReports((MAIL, "mailto:b@firm.fi"))),
        ("v=TLSRPTv1; rua=a@firm.fi", TlsReports((), ("a@firm.fi",))),
        (f"v=TLSRPTv1; rua={MAIL},http://r.example/", TlsReports((MAIL,), ("http://r.example/",))),
        ("v=TLSRPTv1; rua=mailto:somebody", TlsReports((), ("mailto:somebody",))),
        ("v=TLSRPTv1;", None),
        ("v=TLSRPTv1; rua=", None),
        (f"v=TLSRPTv1; rua={MAIL}; nonsense", None),
    ],
)
def test_addresses(text: str, reports: TlsReports | None) -> None:
    assert counts(text)
    assert parse(text) == reports


@pytest.mark.parametrize("text", ["v=TLSRPTv1", "v=TLSRPTv2; rua=", "v=tlsrptv1; rua=", " v=TLS-RPTv1;"])
def test_misspelt_record_does_not_count(text: str) -> None:
    assert not counts(text)
    assert is_meant(text)


def test_another_record_is_not_meant_as_one() -> None:
    assert not is_meant("v=spf1 -all")


@pytest.mark.parametrize(
    ("texts", "addresses"),
    [
        (["v=TLSRPTv1; rua=a@firm.fi"], (MAIL,)),
        (["v=TLSRPTv1; rua=a@firm.fi; mailto:b@firm.fi"], (MAIL, "mailto:b@firm.fi")),
        ([f"v=TLSRPTv1; rua={MAIL}", f'"v=TLSRPTv1; rua={MAIL},https://r.example/"'], (MAIL, "https://r.example/")),
        (["v=TLSRPTv1"], ()),
    ],
)
def test_addresses_that_were_meant_are_put_right(texts: list[str], addresses: tuple[str, ...]) -> None:
    assert addresses_meant(texts) == addresses
    assert not addresses or parse(compose(addresses)) == TlsReports(addresses)
