"""A zone held in memory whose answers are evidence, and the interpreter that applies a fix's records to it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from checks import advice
from checks.addresses import VettedAddress
from checks.contract import Check, Evidence, Finding, Record, Status, Verdict
from checks.evidence.dmarc import DmarcWalk
from checks.evidence.lookups import Answer, HostAddresses, Lookup
from checks.evidence.mail import MailHost, MailRouting
from checks.evidence.spf import SpfPolicy
from checks.inspection import to_finding
from checks.languages import LANGUAGES
from checks.records.dmarc_discovery import Step, walk_names
from checks.records.spf_tree import Question, walk

DOMAIN = "example.fi"


@dataclass
class Zone:
    """Records by name and type; names in `silent` (with a type) give no answer."""

    records: dict[Question, list[str]] = field(default_factory=dict)
    silent: set[Question] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, rdtype: str, *values: str) -> "Zone":
        self.records.setdefault((name, rdtype), []).extend(values)
        return self

    def answer(self, question: Question) -> Answer:
        name, rdtype = question
        alias = self.aliases.get(name)
        at = alias or name
        if (at, rdtype) in self.silent:
            return Answer(name, rdtype, Lookup.TIMEOUT)
        values = self.records.get((at, rdtype), [])
        if values:
            return Answer(name, rdtype, Lookup.FOUND, tuple(values), alias=alias)
        exists = any(owner == at or owner.endswith(f".{at}") for owner, _ in self.records)
        return Answer(name, rdtype, Lookup.NO_DATA if exists else Lookup.NO_NAME, alias=alias)

    def apply(self, records: Iterable[Record]) -> None:
        """Does what the published record format says, knowing no check."""
        for change in records:
            held = self.records.setdefault((change.name, change.type), [])
            if change.action == "remove":
                held.remove(change.value)
                continue
            if change.action == "replace":
                tag = change.value.partition(";")[0].partition(" ")[0].lower() if change.type == "TXT" else ""
                held[:] = [value for value in held if not value.lower().startswith(tag)]
            held.append(change.value)

    def evidence(self, domain: str = DOMAIN) -> Evidence:
        parts = {SpfPolicy: self.spf(domain), DmarcWalk: self.dmarc(domain), MailRouting: self.routing(domain)}
        return Evidence(domain, parts)

    def spf(self, domain: str) -> SpfPolicy:
        answers: dict[Question, Answer] = {}
        while wanted := walk(domain, answers).wanted:
            answers |= {question: self.answer(question) for question in wanted}
        return SpfPolicy(walk(domain, answers).root)

    def dmarc(self, domain: str) -> DmarcWalk:
        return DmarcWalk(tuple(Step(name, self.answer((f"_dmarc.{name}", "TXT"))) for name in walk_names(domain)))

    def routing(self, domain: str) -> MailRouting:
        mx = self.answer((domain, "MX"))
        if mx.records:
            targets = [record.partition(" ")[2].removesuffix(".") for record in mx.records]
            return MailRouting(
                mx, tuple(MailHost(10, host, self.addresses(host) if host else None) for host in targets)
            )
        if not mx.answered:
            return MailRouting(mx, ())
        own = self.addresses(domain)
        return MailRouting(mx, (MailHost(0, domain, own),) if own.exists else (), own)

    def addresses(self, host: str) -> HostAddresses:
        v4, v6 = self.answer((host, "A")), self.answer((host, "AAAA"))
        return HostAddresses(host, v4, v6, tuple(map(VettedAddress, (*v4.records, *v6.records))), ())


def with_mail(*spf: str) -> Zone:
    """A domain with one mail server, and these TXT records."""
    zone = Zone().add(DOMAIN, "MX", f"10 mx.{DOMAIN}.").add(f"mx.{DOMAIN}", "A", "192.0.2.25")
    return zone.add(DOMAIN, "TXT", *spf) if spf else zone


def without_mail(*spf: str) -> Zone:
    """A domain that says it takes no mail, and these TXT records."""
    zone = Zone().add(DOMAIN, "MX", "0 .")
    return zone.add(DOMAIN, "TXT", *spf) if spf else zone


def verdict(check: Check, zone: Zone, domain: str = DOMAIN) -> Verdict:
    (only,) = check.judge(zone.evidence(domain))
    assert only.subject == domain
    return only


def told(check: Check, found: Verdict, domain: str = DOMAIN) -> Finding:
    """The finding, after each of its words was shown to be there in every language."""
    finding = to_finding(check.id, found)
    for language in LANGUAGES:
        words = advice.tell(finding, domain, language)
        assert words.headline
        assert words.detail
    assert (finding.fix is not None) == (finding.status is Status.FAIL)
    return finding


def outcome(check: Check, zone: Zone, domain: str = DOMAIN) -> str:
    return told(check, verdict(check, zone, domain), domain).outcome


def mended(check: Check, zone: Zone, domain: str = DOMAIN) -> tuple[str, ...]:
    """Applies the fix to the zone and shows that the finding then passes; gives the values that were added."""
    finding = told(check, verdict(check, zone, domain), domain)
    assert finding.status is Status.FAIL
    assert finding.fix is not None
    zone.apply(finding.fix.records)
    after = told(check, verdict(check, zone, domain), domain)
    assert after.status is Status.PASS, (after.outcome, finding.fix.records)
    return tuple(record.value for record in finding.fix.records if record.action != "remove")
