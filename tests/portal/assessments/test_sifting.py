"""A part of a result, and how much there is of each."""

import pytest

from checks.contract import DNS_TIMEOUT, NOT_STATED, Finding, Severity, Status
from portal.assessments.outline import outline
from portal.assessments.sifting import Kind, Wish, sieve, sift
from tests.portal.assessments.findings import AT_ZONER, CLOSED, DOMAIN, NO_DMARC, made

UNTOLD = Finding("mail.spf", Status.UNKNOWN, Severity.INFO, DOMAIN, DNS_TIMEOUT.name, {})
LEFT_OUT = Finding("tls.protocols", Status.NOT_APPLICABLE, Severity.INFO, DOMAIN, NOT_STATED.name, {})
NO_CAA = made("dns.caa", "absent")
WHOLE = outline([NO_DMARC, NO_CAA, AT_ZONER, CLOSED, UNTOLD, LEFT_OUT], DOMAIN, "en")


def _names(wish: Wish) -> set[str]:
    part = sift(WHOLE, wish)
    items = [*part.fine, *part.info, *part.unknown, *part.aside, *part.not_stated]
    return {each.finding.id for each in (*items, *(item for step in part.steps for item in step.items))}


@pytest.mark.parametrize(
    ("wish", "left"),
    [
        (Wish(), {"mail.dmarc", "dns.caa", "dns.ns_count", "ports.database", "mail.spf", "tls.protocols"}),
        (Wish(topic="mail"), {"mail.dmarc", "mail.spf"}),
        (Wish(kind=Kind.TO_DO), {"mail.dmarc", "dns.caa"}),
        (Wish("dns", Kind.TO_DO), {"dns.caa"}),
        (Wish("dns", Kind.FINE), {"dns.ns_count"}),
        (Wish(topic="tls"), {"tls.protocols"}),
        (Wish("tls", Kind.FINE), set()),
        (Wish("web", Kind.UNKNOWN), set()),
    ],
)
def test_only_what_is_wanted_is_left(wish: Wish, left: set[str]) -> None:
    assert _names(wish) == left


def test_what_to_do_first_stays_first() -> None:
    part = sift(WHOLE, Wish(topic="mail"))
    assert [step.lead.finding for step in part.first] == [NO_DMARC]
    assert part.later == {}
    assert sift(WHOLE, Wish(topic="dns")).later["dns"] == WHOLE.later["dns"]


def test_each_choice_tells_how_much_it_would_show_beside_the_other_one() -> None:
    choices = sieve(WHOLE, Wish(topic="mail"))
    assert choices.kinds == {"": 2, "to-do": 1, "unknown": 1, "fine": 0, "good-to-know": 0}
    assert choices.topics == {"": 5, "dns": 2, "mail": 2, "tls": 0, "web": 0, "ports": 1}
    assert (choices.shown, choices.whole, choices.untold) == (2, 5, 1)
    both = sieve(WHOLE, Wish("mail", Kind.TO_DO))
    assert (both.topics["dns"], both.kinds["unknown"], both.shown) == (1, 1, 1)
