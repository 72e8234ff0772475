"""mail.mta_sts: can senders insist that mail to the domain travels encrypted, to the right servers? (RFC 8461)."""

from collections.abc import Iterator

from checks.contract import (
    NO_MAIL,
    Check,
    Evidence,
    Json,
    Outcome,
    Record,
    Verdict,
    failed,
    info,
    not_applicable,
    passed,
)
from checks.evidence.mail import MailRouting
from checks.evidence.mta_sts import MtaSts
from checks.evidence.smtp import MailServers
from checks.evidence.web import WebHosts
from checks.mail.promised import Reading, State, all_prove_their_names, announced, named_hosts, read
from checks.records.host_names import is_below
from checks.records.mta_sts import DAY_S, PATH, Policy, is_sts, looks_like_sts, meant, record
from checks.records.served_file import served

ENFORCED = passed("enforced")
TESTING = info("testing")
TESTING_INCOMPLETE = info("testing-incomplete")
SWITCHED_OFF = info("switched-off")
SHORT_LIVED = info("short-lived")
ABSENT = failed("absent")
RECORD_INVALID = failed("record-invalid")
POLICY_MISSING = failed("policy-missing")
POLICY_UNTRUSTED = failed("policy-untrusted")
POLICY_MALFORMED = failed("policy-malformed")
NO_SERVER_NAMED = failed("no-server-named")
SOME_NOT_NAMED = failed("some-not-named")
NO_MX = not_applicable("no-mx")

_UNREAD = {
    State.MISSING: POLICY_MISSING,
    State.UNTRUSTED: POLICY_UNTRUSTED,
    State.MALFORMED: POLICY_MALFORMED,
}


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict, about the policy's host; where there is no mail for it to protect, about the domain."""
    routing, found = evidence.part(MailRouting), evidence.part(MtaSts)
    if not routing.answered:
        yield Verdict(routing.reason, evidence.domain)
    elif not routing.receives:
        yield Verdict(NO_MAIL, evidence.domain)
    elif not named_hosts(routing):
        yield Verdict(NO_MX, evidence.domain)
    elif not found.record.answered:
        yield Verdict(found.record.reason, found.host.host)
    else:
        yield _of(evidence, found, named_hosts(routing))


def _of(evidence: Evidence, found: MtaSts, hosts: list[str]) -> Verdict:
    texts = [text for text in found.record.records if is_sts(text) or looks_like_sts(text)]
    reading = read(found)
    facts: dict[str, Json] = {
        "records": [*texts],
        "url": f"https://{found.host.host}{PATH}",
        "path": PATH,
        "mail_servers": [*hosts],
        "status": reading.status or "–",
        "content_type": reading.kind or "–",
        "line": reading.fault or "–",
    }
    if not announced(found):
        outcome, policy = (RECORD_INVALID, reading.policy) if texts else (ABSENT, _new(evidence, hosts))
        return _verdict(evidence, outcome, facts, policy)
    if reading.state is State.UNCLEAR and reading.reason is not None:
        return Verdict(reading.reason, found.host.host, facts)
    if reading.policy is None:
        return _verdict(evidence, _UNREAD[reading.state], facts, _mended(evidence, reading, hosts))
    return _of_policy(evidence, found, reading.policy, facts)


def _of_policy(evidence: Evidence, found: MtaSts, policy: Policy, facts: dict[str, Json]) -> Verdict:
    hosts = named_hosts(evidence.part(MailRouting))
    left_out = [host for host in hosts if not policy.covers(host)]
    facts |= {"mode": policy.mode, "days": round(policy.max_age / DAY_S, 1), "left_out": [*left_out]}
    if policy.mode == "none":
        outcome = SWITCHED_OFF
    elif policy.mode == "testing":
        outcome = TESTING_INCOMPLETE if left_out else TESTING
    elif left_out:
        outcome = NO_SERVER_NAMED if len(left_out) == len(hosts) else SOME_NOT_NAMED
        complete = Policy(policy.mode, policy.max_age, (*policy.mx, *left_out))
        return _verdict(evidence, outcome, facts, complete)
    else:
        outcome = SHORT_LIVED if policy.max_age < DAY_S else ENFORCED
    return Verdict(outcome, found.host.host, facts)


def _new(evidence: Evidence, hosts: list[str]) -> Policy | None:
    """A first policy. Only servers seen to keep it are held to it: else mail from strict senders would be lost."""
    found = evidence.part(MailServers)
    good = all_prove_their_names(hosts, found, evidence.part(MtaSts).seen_at)
    return Policy("enforce", DAY_S, tuple(hosts)) if good else None


def _mended(evidence: Evidence, reading: Reading, hosts: list[str]) -> Policy | None:
    if reading.state is State.UNTRUSTED:
        return None  # it takes another certificate, not another text
    policy = meant(reading.text, hosts)
    return policy if policy is not None and policy.mode != "enforce" else _new(evidence, hosts)


def _verdict(evidence: Evidence, outcome: Outcome, facts: dict[str, Json], policy: Policy | None) -> Verdict:
    """What to publish and to serve for this policy; nothing of it where another company does that."""
    found = evidence.part(MtaSts)
    elsewhere = [found.record.alias, found.host.alias]
    ours = all(alias is None or is_below(alias, evidence.domain) for alias in elsewhere)
    way = _way_to_host(evidence, found)
    if policy is None or not ours or way is None:
        return Verdict(outcome, found.host.host, facts)
    action = "add" if outcome is ABSENT else "replace"
    announcement = Record(action, found.record.alias or found.record.name, "TXT", record(policy))
    snippets = () if outcome is RECORD_INVALID else served(PATH, policy.lines)
    return Verdict(outcome, found.host.host, facts, (*way, announcement), snippets)


def _way_to_host(evidence: Evidence, found: MtaSts) -> tuple[Record, ...] | None:
    """The record that leads to the policy's host where there is none: to the server of the website.

    None where there is none to lead to, or where it is not known.
    """
    if found.host.exists:
        return ()
    website = next((host for host in evidence.part(WebHosts).hosts if host.host == evidence.domain), None)
    if not found.host.answered or website is None or not website.encrypted or found.website_of is not None:
        return None
    return (Record("add", found.host.host, "CNAME", evidence.domain),)


CHECK = Check(
    "mail.mta_sts",
    needs=(MailRouting, MtaSts, MailServers, WebHosts),
    outcomes=(
        ENFORCED,
        TESTING,
        TESTING_INCOMPLETE,
        SWITCHED_OFF,
        SHORT_LIVED,
        ABSENT,
        RECORD_INVALID,
        POLICY_MISSING,
        POLICY_UNTRUSTED,
        POLICY_MALFORMED,
        NO_SERVER_NAMED,
        SOME_NOT_NAMED,
        NO_MX,
    ),
    judge=judge,
)
