"""mail.mx_certificate: do the mail servers' certificates prove their names? (RFC 5280, RFC 9525).

Senders look only where they were promised a good one: by a policy of the domain's that is enforced (RFC 8461,
section 4.2), or by TLSA records, whose own rules mail.dane judges. Elsewhere a bad one harms nobody.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from checks.contract import NO_STARTTLS, Check, Evidence, Json, Outcome, Verdict, failed, info, passed, unknown
from checks.evidence.mail import MailRouting
from checks.evidence.mta_sts import MtaSts
from checks.evidence.smtp import Conversation, Ending, MailServer, MailServers
from checks.evidence.tls import Handshake, Trust
from checks.mail.promised import enforced
from checks.mail.servers import each_server, telling
from checks.records.good_certificates import DISTRUSTED
from checks.records.host_names import covers

GOOD = passed("good")
NOT_PROMISED = info("not-promised")
UNTRUSTED = failed("untrusted")
OUT_OF_DATE = failed("out-of-date")
WRONG_NAME = failed("wrong-name")
UNCLEAR = unknown("unclear")

MAX_NAMES = 10
"""How many of a certificate's names a finding shows."""
_WORST_FIRST = (UNTRUSTED, OUT_OF_DATE, WRONG_NAME, UNCLEAR, GOOD)


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each mail server, on the worst certificate that it shows."""
    found, sts = evidence.part(MailServers), evidence.part(MtaSts)
    policy = enforced(sts)

    def of(server: MailServer) -> Verdict:
        promised = policy is not None and policy.covers(server.host)
        return _of(server, telling(server, found), sts.seen_at, promised=promised)

    yield from each_server(evidence, of)


def _of(server: MailServer, told: Sequence[Conversation], when: datetime, *, promised: bool) -> Verdict:
    seen = [
        (_state(one.handshake, server.host, when), one.address, one.handshake)
        for one in told
        if one.ending is Ending.ENCRYPTED and one.handshake is not None
    ]
    if not seen:
        return Verdict(NO_STARTTLS, server.host)
    outcome, _address, shaken = min(seen, key=lambda each: _WORST_FIRST.index(each[0]))
    concerned = [address for each, address, _handshake in seen if each is outcome]
    told_as = outcome if promised or outcome in {GOOD, UNCLEAR} else NOT_PROMISED
    return Verdict(told_as, server.host, _facts(shaken, concerned, outcome))


def _state(seen: Handshake, host: str, when: datetime) -> Outcome:
    leaf = seen.leaf
    if leaf is None:
        return UNCLEAR
    if seen.trust in DISTRUSTED:
        return UNTRUSTED
    if not leaf.not_before <= when <= leaf.not_after:
        return OUT_OF_DATE
    if not covers(leaf.names, host):
        return WRONG_NAME
    return GOOD if seen.trust is Trust.TRUSTED else UNCLEAR


def _facts(seen: Handshake, addresses: list[str], outcome: Outcome) -> dict[str, Json]:
    """`state` is what is wrong with it, or not, whoever cares."""
    facts: dict[str, Json] = {"addresses": [*addresses], "state": outcome.name}
    if seen.leaf is not None:
        facts |= {
            "authority": seen.leaf.authority,
            "names": [*seen.leaf.names[:MAX_NAMES]],
            "valid_from": seen.leaf.not_before.isoformat(),
            "expires": seen.leaf.not_after.isoformat(),
        }
    return facts


CHECK = Check(
    "mail.mx_certificate",
    needs=(MailRouting, MailServers, MtaSts),
    outcomes=(GOOD, NOT_PROMISED, UNTRUSTED, OUT_OF_DATE, WRONG_NAME, UNCLEAR),
    judge=judge,
)
