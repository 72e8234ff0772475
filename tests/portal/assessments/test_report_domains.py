"""What a report says of a firm with several domains: which of them each thing is about."""

from checks.contract import Record
from portal.assessments.inspected import Inspected
from portal.assessments.report.telling import Told, tell
from portal.assessments.sheets.result import Limits
from tests.portal.assessments.findings import CLOSED, DOMAIN, NO_DMARC, made
from tests.portal.assessments.reporting import firm, inspected, of_domain, worst

OTHER = "toinen.test"
UNSIGNED = made("dns.dnssec", "unsigned", zone=DOMAIN)
MINE = inspected(NO_DMARC, UNSIGNED, CLOSED)
YOURS = inspected(
    made(
        "mail.dmarc",
        "absent",
        OTHER,
        records=(Record("add", f"_dmarc.{OTHER}", "TXT", "v=DMARC1; p=none; rua=mailto:dmarc@toinen.test"),),
    ),
    made("dns.dnssec", "unsigned", OTHER, zone=OTHER),
    made("web.hsts", "on", OTHER, value="max-age=31536000", max_age=31536000, days=365),
    domain=OTHER,
)


def told(*checks: Inspected, minutes: int = 60_000) -> Told:
    report = worst("en", *checks)
    made_for = firm(0, checks, Limits(100_000, minutes))
    return tell(type(report)("en", report.made_at, checks, made_for))


def test_one_card_holds_each_domain_s_own_records() -> None:
    [card] = [each for each in told(MINE, YOURS).cards if each.id == "find-out-who-sends"]
    assert card.domains == (DOMAIN, OTHER)
    assert [[record.name for fix in part.step.changes for record in fix.records] for part in card.parts] == [
        [f"_dmarc.{DOMAIN}"],
        [f"_dmarc.{OTHER}"],
    ]


def test_who_serves_a_domain_gets_a_letter_about_that_one_alone() -> None:
    letters = told(MINE, YOURS).letters
    served = [(letter.party, letter.domain) for letter in letters if letter.domain]
    assert served == [("dns-host", DOMAIN), ("dns-host", OTHER)]
    for letter in letters:
        if letter.domain:
            seen = {item.finding.subject for task in letter.tasks if task.card.step for item in task.card.step.items}
            assert seen == {letter.domain}
    [all_of_it] = [letter for letter in letters if letter.party == "it-provider"]
    names = {change.name for task in all_of_it.tasks for change in task.changes}
    assert {f"_dmarc.{DOMAIN}", f"_dmarc.{OTHER}"} <= names


def test_what_is_good_or_left_in_one_domain_alone_names_it() -> None:
    several = told(MINE, YOURS, minutes=0)
    assert any(each.text.startswith(f"{OTHER}: ") for each in several.front.good)
    assert any(each.startswith(f"{DOMAIN}, {OTHER}: ") for each in several.left)


def test_firm_with_one_domain_reads_its_name_nowhere_but_where_it_did() -> None:
    alone = told(MINE, minutes=60)
    assert all(not card.domains for card in alone.cards)
    assert all(not letter.domain for letter in alone.letters)
    assert not any(DOMAIN in headline for headline in alone.left)
    assert all(not card.domains for card in tell(of_domain("en")).cards)
