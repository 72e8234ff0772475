"""Judging evidence values, and holding every verdict to words in each language."""

from checks import advice
from checks.contract import Check, Evidence, Status, Verdict
from checks.evidence.lookups import Answer, Lookup
from checks.inspection import to_finding
from checks.languages import LANGUAGES


def judged(check: Check, domain: str, *parts: object) -> Verdict:
    """The one verdict of a check on these parts, once it is known to have its words."""
    (verdict,) = check.judge(Evidence(domain, {type(part): part for part in parts}))
    told(check, domain, verdict)
    return verdict


def told(check: Check, domain: str, verdict: Verdict) -> None:
    """Holds that the verdict is one of the check's, and that its finding can be told and mended in each language."""
    finding = to_finding(check.id, verdict)
    assert finding.fix is not None or finding.status is not Status.FAIL
    assert finding.fix is None or (finding.fix.records, finding.fix.snippets) == (verdict.records, verdict.snippets)
    for language in LANGUAGES:
        words = advice.tell(finding, domain, language)
        texts = [words.name, words.headline, words.detail]
        if words.fix is not None:
            texts += [
                words.fix.title,
                *words.fix.steps,
                words.fix.verify,
                words.fix.caution or "",
                words.fix.later or "",
            ]
        assert not any(mark in text for text in texts for mark in ("{", "}", "None", "!"))


def found(name: str, rdtype: str, *records: str, authenticated: bool = False, resolver: str = "r1") -> Answer:
    return Answer(name, rdtype, Lookup.FOUND, records, authenticated=authenticated, resolver=resolver)


def nothing(name: str, rdtype: str, lookup: Lookup = Lookup.NO_DATA, resolver: str = "r1") -> Answer:
    return Answer(name, rdtype, lookup, resolver=resolver)
