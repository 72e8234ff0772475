"""How an inspection is arranged for its reader."""

from msgspec.structs import replace

from checks.contract import COMMON, DNS_TIMEOUT, NOT_ASKED, Finding, Severity, Status
from checks.priority import Care
from portal.assessments.outline import Sign, asked_now, lanes, outline, sign_of
from tests.portal.assessments.findings import AT_ZONER, CLOSED, DOMAIN, NO_DMARC, OF_ANOTHER_TIME, ONE_NAME_SERVER


def _common(check_id: str, name: str, subject: str = DOMAIN) -> Finding:
    shared = next(outcome for outcome in COMMON if outcome.name == name)
    return Finding(check_id, shared.status, Severity.INFO, subject, name, {})


def test_an_urgent_fault_comes_first_and_a_small_one_later() -> None:
    arranged = outline([ONE_NAME_SERVER, CLOSED, NO_DMARC], DOMAIN, "en")
    assert [step.lead.finding for step in arranged.first] == [NO_DMARC]
    assert [step.lead.finding for step in arranged.later["dns"]] == [ONE_NAME_SERVER]
    assert [entry.finding for entry in arranged.fine] == [CLOSED]
    assert arranged.urgent


def test_without_an_urgent_fault_the_small_ones_are_worth_doing() -> None:
    arranged = outline([ONE_NAME_SERVER], DOMAIN, "en")
    assert [step.lead.finding for step in arranged.first] == [ONE_NAME_SERVER]
    assert not arranged.urgent
    assert arranged.later == {}


def test_a_step_is_told_with_the_steps_of_the_domain_s_own_provider() -> None:
    known, unknown = outline([NO_DMARC, AT_ZONER], DOMAIN, "fi"), outline([NO_DMARC], DOMAIN, "fi")
    assert known.first[0].fix is not None
    assert known.first[0].fix.provider is not None
    assert known.first[0].fix.provider.name == "Zoner"
    assert unknown.first[0].fix is not None
    assert unknown.first[0].fix.provider is None


def test_a_step_says_whose_it_is() -> None:
    steps = outline([NO_DMARC, ONE_NAME_SERVER], DOMAIN, "fi").steps
    assert [step.care for step in steps] == [Care.YOURS, Care.PROVIDERS]


def test_findings_of_an_earlier_version_are_unknown_and_never_wrong() -> None:
    arranged = outline([NO_DMARC, CLOSED, *OF_ANOTHER_TIME], DOMAIN, "fi")
    assert {entry.finding.id for entry in arranged.unknown} == {old.id for old in OF_ANOTHER_TIME}
    assert {entry.finding.outcome for entry in arranged.unknown} == {"earlier-version"}
    assert [step.lead.finding for step in arranged.steps] == [NO_DMARC]
    assert arranged.score.low < arranged.score.high


def test_what_was_not_stated_and_not_shown_stand_apart_from_what_does_not_apply() -> None:
    arranged = outline(
        [
            _common("tls.protocols", "not-stated"),
            _common("ports.database", "not-asked"),
            _common("mail.mx", "no-mail"),
        ],
        DOMAIN,
        "en",
    )
    assert [entry.finding.id for entry in arranged.not_stated] == ["tls.protocols"]
    assert [entry.finding.id for entry in arranged.not_asked] == ["ports.database"]
    assert [entry.finding.id for entry in arranged.aside] == ["mail.mx"]


def test_one_fix_for_two_faults_is_one_step_with_each_record_once() -> None:
    other = replace(NO_DMARC, subject="www.kahvila.test")
    arranged = outline([NO_DMARC, other], DOMAIN, "en")
    assert [[entry.finding for entry in step.items] for step in arranged.steps] == [[NO_DMARC, other]]
    assert arranged.first[0].changes == (NO_DMARC.fix,)
    assert [entry.finding for entry in arranged.first[0].alike] == [other]
    assert arranged.first[0].different == ()


def test_another_fault_of_the_same_step_speaks_for_itself() -> None:
    facts = {**NO_DMARC.evidence, "count": 2}
    other = replace(NO_DMARC, subject="www.kahvila.test", outcome="several", evidence=facts)
    step = outline([NO_DMARC, other], DOMAIN, "en").first[0]
    assert ([entry.finding for entry in step.different], step.alike) == ([other], ())


def test_what_could_not_be_told_and_what_was_not_asked_are_kept_apart() -> None:
    silent, closed_to_us = _common("dns.caa", DNS_TIMEOUT.name), _common("ports.database", NOT_ASKED.name)
    arranged = outline([silent, closed_to_us], DOMAIN, "fi")
    assert [entry.finding for entry in arranged.unknown] == [silent]
    assert [entry.finding for entry in arranged.not_asked] == [closed_to_us]
    assert arranged.aside == ()
    assert arranged.steps == ()


def test_an_outcome_that_was_not_asked_for_fills_no_lane() -> None:
    unasked = [_common(f"ports.{name}", NOT_ASKED.name) for name in ("database", "file_sharing", "remote_desktop")]
    found = {lane.topic: lane for lane in lanes([*unasked, NO_DMARC])}
    assert not found["ports"].asked
    assert (found["mail"].asked, found["mail"].done) == (True, 1)
    assert found["dns"].done == 0


def test_we_wait_for_the_first_check_without_an_answer() -> None:
    assert asked_now([ONE_NAME_SERVER], "en") != asked_now([], "en")


def test_signs_follow_status_and_gravity() -> None:
    assert sign_of(NO_DMARC) is Sign.FIX_NOW
    assert sign_of(ONE_NAME_SERVER) is Sign.FIX_LATER
    assert sign_of(CLOSED) is Sign.FINE
    assert sign_of(_common("dns.caa", DNS_TIMEOUT.name)) is Sign.UNKNOWN
    assert sign_of(replace(CLOSED, status=Status.INFO)) is Sign.NOT_YOURS
