import pytest

from checks.evidence.lookups import Answer, Lookup
from checks.records.dmarc import parse
from checks.records.dmarc_discovery import Step, walk_names
from checks.records.dmarc_reports import destinations, organization, repaired, unusable, without


@pytest.mark.parametrize(
    ("tags", "hosts"),
    [
        ("p=none; rua=mailto:a@firm.fi", ["firm.fi"]),
        ("p=none; rua=mailto:a@Firm.FI!10m , MAILTO:b@rep.example?subject=x; ruf=mailto:c@rep.fi.", None),
        ("p=none; rua=https://firm.fi/reports", []),
        ("p=none; rua=a@firm.fi", []),
        ("p=none", []),
    ],
)
def test_where_reports_go(tags: str, hosts: list[str] | None) -> None:
    expected = ["firm.fi", "rep.example", "rep.fi"] if hosts is None else hosts
    assert [each.host for each in destinations(parse(f"v=DMARC1; {tags}"))] == expected


@pytest.mark.parametrize(
    ("tags", "faulty", "mended"),
    [
        ("rua=mailto:a@firm.fi; ruf=mailto:b@firm.fi", [], {"rua": "mailto:a@firm.fi", "ruf": "mailto:b@firm.fi"}),
        ("rua=a@firm.fi", ["a@firm.fi"], {"rua": "mailto:a@firm.fi"}),
        ("rua=a@firm.fi,mailto:a@firm.fi", ["a@firm.fi"], {"rua": "mailto:a@firm.fi"}),
        ("rua=mail:a@firm.fi", ["mail:a@firm.fi"], {"rua": "mailto:a@firm.fi"}),
        ("rua=mailto: a@firm.fi", ["mailto: a@firm.fi"], {"rua": "mailto:a@firm.fi"}),
        ("rua=mailto:a@firm.fi; b@firm.fi", ["b@firm.fi"], {"rua": "mailto:a@firm.fi,mailto:b@firm.fi"}),
        ("rua=mailto:a@firm.fi; mailto:b@firm.fi", ["mailto:b@firm.fi"], None),
        ("rua=https://firm.fi/r", ["https://firm.fi/r"], {}),
        ("rua=mailto:somebody", ["mailto:somebody"], {}),
        ("ruf=c@firm.fi", ["c@firm.fi"], {"ruf": "mailto:c@firm.fi"}),
        ("rua=,", [], {}),
        ("sp", [], {}),
    ],
)
def test_address_that_nobody_can_use_is_put_right(tags: str, faulty: list[str], mended: dict[str, str] | None) -> None:
    record = parse(f"v=DMARC1; p=none; {tags}")
    both = {"rua": "mailto:a@firm.fi,mailto:b@firm.fi"}
    assert (list(unusable(record)), repaired(record)) == (faulty, both if mended is None else mended)


def test_addresses_at_a_host_are_left_out() -> None:
    record = parse("v=DMARC1; p=none; rua=mailto:a@x.fi,mailto:b@y.fi!5m; ruf=mailto:c@x.fi")
    assert without(record, ["x.fi"]) == {"rua": "mailto:b@y.fi!5m"}
    assert without(record, ["y.fi"]) == {"rua": "mailto:a@x.fi", "ruf": "mailto:c@x.fi"}


def walked(domain: str, **records: str) -> list[Step]:
    """The walk from that domain; a record for each name, its dots as underscores."""
    texts = {name.replace("_", "."): text for name, text in records.items()}
    return [
        Step(name, Answer(name, "TXT", Lookup.FOUND if name in texts else Lookup.NO_NAME, (texts[name],)))
        if name in texts
        else Step(name, Answer(name, "TXT", Lookup.NO_NAME))
        for name in walk_names(domain)
    ]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (walked("a.firm.fi"), "a.firm.fi"),
        (walked("a.firm.fi", firm_fi="v=DMARC1; p=none"), "firm.fi"),
        (walked("a.firm.fi", a_firm_fi="v=DMARC1; p=none"), "a.firm.fi"),
        (walked("a.b.firm.fi", b_firm_fi="v=DMARC1; p=none; psd=n", firm_fi="v=DMARC1; p=none"), "b.firm.fi"),
        (walked("a.firm.fi", fi="v=DMARC1; p=none; psd=y"), "firm.fi"),
        (walked("firm.fi", firm_fi="v=DMARC1; p=none; psd=y"), "firm.fi"),
    ],
)
def test_organisation_by_the_tree_walk(steps: list[Step], found: str) -> None:
    assert organization(steps) == found
