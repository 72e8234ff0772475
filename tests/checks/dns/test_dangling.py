import pytest

from checks.contract import Record
from checks.dns.dangling import CHECK
from checks.evidence.dead_ends import DeadEnd, DeadEnds, Vacancy
from checks.evidence.lookups import Lookup
from checks.evidence.registration import Register
from tests.checks.telling import judged, nothing

LOST = nothing("mail.firm.fi", "A", Lookup.TIMEOUT)
FREE = Vacancy("vacant.com", Register.NOT_FOUND, denied=True)
AZURE = "shop.azurewebsites.net"


def alias(
    label: str = "www.", target: str = "shop.vacant.com", vacancy: Vacancy | None = FREE, *, reserved: bool = False
) -> DeadEnd:
    return DeadEnd(f"{label}firm.fi", "CNAME", target, target, vacancy, reserved)


def other(rdtype: str, target: str = "mx.vacant.com", vacancy: Vacancy | None = FREE) -> DeadEnd:
    return DeadEnd("firm.fi", rdtype, target, target, vacancy)


OWN = alias(target="old.firm.fi", vacancy=Vacancy("old.firm.fi"))
TO_BE_TAKEN = [
    (alias(),),
    (alias("_dmarc."),),
    (alias("s1._domainkey."),),
    (other("MX"),),
    (other("NS"),),
    (other("TXT"),),
    # Without a registry that can be asked, the servers above are witness enough.
    (alias(vacancy=Vacancy("vacant.com", Register.SILENT, denied=True)),),
    (alias(vacancy=Vacancy("vacant.com", Register.NOT_FOUND)),),
    (alias(target="shop.vacant.co.uk", vacancy=Vacancy("vacant.co.uk", Register.SILENT, denied=True)),),
    (alias(target=AZURE, vacancy=Vacancy(AZURE)),),
    (alias(), OWN),
]
LEADS_NOWHERE = [
    (OWN,),
    (alias("*.", "old.firm.fi", Vacancy("old.firm.fi")),),
    (alias("mail.", "old.firm.fi", None),),
    # It is somebody's, or nobody but its owner can make it.
    (alias(vacancy=Vacancy("vacant.com", Register.FOUND, denied=True)),),
    (alias(vacancy=Vacancy("vacant.com", Register.SILENT, denied=False)),),
    (alias(target="pc.firm.local", vacancy=Vacancy("local")),),
    (alias(target="agency.gov", vacancy=Vacancy("agency.gov")),),
    (alias(target="x.provider.com", vacancy=Vacancy("x.provider.com")),),
    (alias(target=AZURE, vacancy=Vacancy(AZURE), reserved=True),),
    (alias(target=f"www.{AZURE}", vacancy=Vacancy(AZURE)),),
    (alias(vacancy=Vacancy("vacant.com", Register.UNSEEN)),),
    (alias(vacancy=Vacancy("vacant.com", Register.UNSEEN, denied=True)),),
    (other("NS", "ns.provider.com", None),),
    (other("NS", "ns.provider.com", Vacancy("ns.provider.com")),),
]
NOTHING_LOOSE: list[tuple[DeadEnd, ...]] = [
    (),
    # Told by the checks of mail servers, policies and keys.
    (other("MX", "mx.firm.fi", Vacancy("mx.firm.fi")),),
    (other("TXT", "spf.firm.fi", None),),
    (alias("_dmarc.", "dmarc.firm.fi", Vacancy("dmarc.firm.fi")),),
    (alias("mta-sts.", "sts.provider.com", Vacancy("sts.provider.com")),),
    (other("MX", vacancy=Vacancy("vacant.com", Register.FOUND, denied=True)),),
]


@pytest.mark.parametrize(
    ("outcome", "ends"),
    [
        *(("to-be-taken", ends) for ends in TO_BE_TAKEN),
        *(("leads-nowhere", ends) for ends in LEADS_NOWHERE),
        *(("nothing-loose", ends) for ends in NOTHING_LOOSE),
        # Only the resolver says so, or the registry could not be asked; and nothing else is wrong with it.
        ("dns-failed", (other("MX", vacancy=Vacancy("vacant.com", Register.UNSEEN, denied=True)),)),
        ("dns-failed", (other("MX", vacancy=Vacancy("vacant.com", Register.SILENT)),)),
        ("dns-failed", (alias("_dmarc.", vacancy=Vacancy("vacant.com", Register.UNSEEN)),)),
    ],
)
def test_verdict(outcome: str, ends: tuple[DeadEnd, ...]) -> None:
    verdict = judged(CHECK, "firm.fi", DeadEnds(ends))
    assert (verdict.outcome.name, verdict.subject) == (outcome, "firm.fi")


def test_question_without_an_answer_leaves_it_open() -> None:
    assert judged(CHECK, "firm.fi", DeadEnds((), (LOST,))).outcome.name == "dns-timeout"
    assert judged(CHECK, "firm.fi", DeadEnds((OWN,), (LOST,))).outcome.name == "leads-nowhere"


def test_aliases_are_offered_for_removal() -> None:
    chained = DeadEnd("mail.firm.fi", "CNAME", "mail.agency.fi", "gone.vacant.com", FREE)
    verdict = judged(CHECK, "firm.fi", DeadEnds((alias(), chained, OWN)))
    assert verdict.records == (
        Record("remove", "www.firm.fi", "CNAME", "shop.vacant.com"),
        Record("remove", "mail.firm.fi", "CNAME", "mail.agency.fi"),
    )
    assert dict(verdict.facts) == {
        "concerned": ["www.firm.fi", "mail.firm.fi"],
        "kinds": ["CNAME"],
        "targets": ["shop.vacant.com", "gone.vacant.com"],
        "missing": ["vacant.com"],
    }


def test_no_record_is_offered_where_a_choice_is_left() -> None:
    verdict = judged(CHECK, "firm.fi", DeadEnds((alias(), other("TXT", "spf.vacant.com"))))
    assert (verdict.records, verdict.facts["kinds"]) == ((), ["CNAME", "SPF"])
