"""What a later check says of a fix that was ticked done, decided from values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.contract import Finding, Status
from portal.assessments.catalogue import current
from portal.assessments.inspected import Inspected
from portal.assessments.sheets.proofs import Proof, Sight, Tick, calls, failing, mended_by, prove
from portal.assessments.sheets.telling_proofs import told_ticks
from tests.portal.assessments.findings import NO_DMARC, made
from tests.portal.assessments.sheets.making import any_findings, finding, looked, unknown

FIX = "ask-for-reports"
BEFORE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TICKED = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 13, 40, tzinfo=UTC)
ABSENT, PRESENT = finding("mail.dmarc", "absent"), finding("mail.dmarc", "present")
SEVERAL, DIM = finding("mail.dmarc", "several"), unknown("mail.dmarc")


def at(when: datetime, *findings: Finding, domain: str = "kahvila.test") -> Inspected:
    return replace(looked(*findings, domain=domain), started_at=when)


def tick(*domains: str) -> Tick:
    return Tick(TICKED, frozenset((domain, "mail.dmarc") for domain in domains or ("kahvila.test",)))


def proof_of(*inspected: Inspected, of: Tick | None = None) -> Proof:
    return prove(FIX, of or tick(), frozenset({FIX}), inspected)


@pytest.mark.parametrize(
    ("when", "found", "sight"),
    [
        (BEFORE, [ABSENT], Sight.WAITING),
        (TICKED, [PRESENT], Sight.WAITING),  # began with the tick, so it may have looked before
        (LATER, [PRESENT], Sight.PROVEN),
        (LATER, [ABSENT], Sight.DISPROVED),
        (LATER, [SEVERAL], Sight.OTHERWISE),
        (LATER, [DIM], Sight.UNTOLD),
        (LATER, [], Sight.UNTOLD),
        (LATER, [PRESENT, replace(DIM, subject="b")], Sight.UNTOLD),
        (LATER, [PRESENT, replace(ABSENT, subject="b")], Sight.DISPROVED),
        (LATER, [finding("mail.spf", "valid")], Sight.UNTOLD),
    ],
)
def test_what_a_later_check_says(when: datetime, found: list[Finding], sight: Sight) -> None:
    assert proof_of(at(when, *found)).sight is sight


def test_fix_is_proven_only_where_every_check_that_failed_for_it_passes() -> None:
    both = Tick(TICKED, frozenset({("kahvila.test", "mail.dmarc"), ("kahvila.test", "mail.spf")}))
    assert proof_of(at(LATER, PRESENT), of=both).sight is Sight.UNTOLD
    assert proof_of(at(LATER, PRESENT, finding("mail.spf", "valid")), of=both).sight is Sight.PROVEN


def test_fix_is_proven_only_once_every_domain_shows_it() -> None:
    of = tick("a.test", "b.test")
    here, there = at(LATER, PRESENT, domain="a.test"), at(BEFORE, ABSENT, domain="b.test")
    half = proof_of(here, there, of=of)
    assert (half.sight, half.unseen) == (Sight.WAITING, ("b.test",))
    assert proof_of(here, replace(there, started_at=LATER, findings=(PRESENT,)), of=of).sight is Sight.PROVEN
    assert proof_of(here, replace(there, started_at=LATER), of=of).sight is Sight.DISPROVED
    assert proof_of(here, of=of).sight is Sight.PROVEN  # the other domain was removed


def test_domain_that_came_later_and_needs_the_same_fix_takes_the_tick_away() -> None:
    found = proof_of(at(LATER, PRESENT), at(LATER, ABSENT, domain="new.test"))
    assert found.sight is Sight.DISPROVED
    assert [(look.domain, look.sight, look.again) for look in found.looks] == [
        ("kahvila.test", Sight.PROVEN, True),
        ("new.test", Sight.DISPROVED, False),
    ]


def test_fix_that_no_check_had_called_for_has_no_proof() -> None:
    assert proof_of(at(LATER, PRESENT), of=Tick(TICKED)) == Proof(FIX, TICKED)
    assert Proof(FIX, TICKED).sight is Sight.NOTHING


def test_fix_of_the_catalogue_is_called_for_by_its_cards() -> None:
    names = calls("find-out-who-sends", current().fixes)
    assert {"find-out-who-sends", FIX} < names
    assert mended_by(names, [at(BEFORE, ABSENT), at(BEFORE, PRESENT, domain="b.test")]) == {
        ("kahvila.test", "mail.dmarc")
    }
    assert prove("find-out-who-sends", tick(), names, [at(LATER, ABSENT)]).sight is Sight.DISPROVED


times = st.sampled_from([BEFORE, TICKED, LATER, LATER + timedelta(days=30)])


@given(st.lists(st.tuples(times, any_findings, any_findings), max_size=3), st.data())
def test_nothing_is_proven_that_a_check_did_not_see(
    domains: list[tuple[datetime, list[Finding], list[Finding]]], data: st.DataObject
) -> None:
    earlier = [at(BEFORE, *was, domain=f"d{place}.test") for place, (_, was, _) in enumerate(domains)]
    now = [at(when, *found, domain=f"d{place}.test") for place, (when, _, found) in enumerate(domains)]
    asked = sorted({each.fix.id for _, was, _ in domains for each in was if each.fix and each.status is Status.FAIL})
    fix = data.draw(st.sampled_from(asked or [FIX]))
    names = frozenset({fix})
    mended = mended_by(names, earlier)
    found = prove(fix, Tick(TICKED, mended), names, now)
    later = [each for each in now if each.started_at > TICKED]
    assert (found.sight is Sight.DISPROVED) == any(failing(each.findings, names) for each in later)
    if found.sight is Sight.PROVEN:
        for domain, check in mended:
            [own] = [each for each in later if each.domain == domain]
            statuses = {each.status for each in own.findings if each.id == check}
            assert Status.PASS in statuses
            assert not statuses & {Status.FAIL, Status.UNKNOWN}
    assert (found.sight is Sight.NOTHING) == (not found.looks)
    assert set(found.unseen) == {domain for domain, _ in mended} - {each.domain for each in later}


def test_proof_is_told_with_its_day_in_each_language() -> None:
    there = made("mail.dmarc", "present", record="v=DMARC1; p=reject", policy="reject", found_at="x")
    proof = proof_of(at(LATER, there))
    for language, begin in {
        "en": "Seen by our check on 23 November 2026, 3:40 pm: ",
        "fi": "Tarkistuksemme näki 23.11.2026 klo 15.40: ",
        "sv": "Vår kontroll såg 23.11.2026 kl. 15.40: ",
    }.items():
        [told] = told_ticks(current(), [proof], ["kahvila.test"], language)
        [line] = told.lines
        assert line.startswith(begin)
        assert told.title
        [several] = told_ticks(current(), [proof], ["kahvila.test", "b.test"], language)
        assert several.lines == (f"kahvila.test: {line}",)


def test_what_is_still_found_is_told_plainly() -> None:
    proof = proof_of(at(LATER, NO_DMARC))
    [told] = told_ticks(current(), [proof], ["kahvila.test"], "en")
    [line] = told.lines
    begin = "Ticked as done on 21 November 2026, but our check on 23 November 2026, 3:40 pm still found: "
    assert line.startswith(begin)
    assert told_ticks(current(), [Proof("long-gone", TICKED)], [], "en") == ()
