"""mail.starttls: does mail travel to the domain's mail servers encrypted? (RFC 3207).

The four most preferred servers are asked. Whether the certificate is good is not judged here: a mail server that
sends does not look either, unless told to (RFC 7672, RFC 8461).
"""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Verdict, failed, passed
from checks.evidence.mail import MailRouting
from checks.evidence.smtp import Ending, MailServer, MailServers
from checks.mail.servers import each_server, facts_of, telling

ENCRYPTED = passed("encrypted")
NOT_OFFERED = failed("not-offered")
OFFER_FAILS = failed("offer-fails")

_OUTCOMES = {
    Ending.NOT_OFFERED: NOT_OFFERED,
    Ending.TLS_REFUSED: OFFER_FAILS,
    Ending.TLS_FAILED: OFFER_FAILS,
    Ending.ENCRYPTED: ENCRYPTED,
}
"""The worst first: a proven fault at one address counts for the server."""


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict for each mail server, or one about the domain where there is none to talk to."""
    found = evidence.part(MailServers)
    yield from each_server(evidence, lambda server: _of(server, found))


def _of(server: MailServer, found: MailServers) -> Verdict:
    worst = [*_OUTCOMES]
    deciding = min(telling(server, found), key=lambda one: worst.index(one.ending))
    facts = facts_of(server, deciding)
    if deciding.handshake is not None:
        facts["tls_version"] = deciding.handshake.version
        facts["handshake"] = deciding.handshake.end.value
    return Verdict(_OUTCOMES[deciding.ending], server.host, facts)


CHECK = Check(
    "mail.starttls", needs=(MailRouting, MailServers), outcomes=(ENCRYPTED, NOT_OFFERED, OFFER_FAILS), judge=judge
)
