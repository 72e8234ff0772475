"""mail.dkim: does the domain publish a key by which receivers tell its mail from forgeries? (RFC 6376).

A key stands under a name that only its owner knows, so "not found" is never "not there".
"""

from collections.abc import Iterator

from checks import contract
from checks.contract import Check, Evidence, Json, Outcome, Verdict, failed, passed, unknown
from checks.evidence.dkim import DkimAttempts
from checks.evidence.mail import MailRouting
from checks.records.dkim import KeyState, key_state

FOUND = passed("found")
BROKEN = failed("broken")
ONLY_REVOKED = unknown("only-revoked")
NOT_FOUND = unknown("not-found")


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain."""
    attempts, routing = evidence.part(DkimAttempts), evidence.part(MailRouting)
    states = _states(attempts)
    outcome = _outcome(attempts, set(states.values()), takes_mail=routing.receives or not routing.answered)
    concerned = KeyState.BROKEN if outcome is BROKEN else KeyState.USABLE
    facts: dict[str, Json] = {
        "selectors": [selector for selector, state in states.items() if state is concerned],
        "revoked": [selector for selector, state in states.items() if state is KeyState.REVOKED],
        "tried": [selector for selector, _ in attempts.tried],
        "tried_count": len(attempts.tried),
        "providers": [*attempts.providers],
    }
    yield Verdict(outcome, evidence.domain, facts)


def _outcome(attempts: DkimAttempts, seen: set[KeyState], *, takes_mail: bool) -> Outcome:
    if KeyState.USABLE in seen:
        return FOUND
    if KeyState.BROKEN in seen:
        return BROKEN
    if not takes_mail:
        return contract.NO_MAIL
    if attempts.unanswered is not None:
        return attempts.unanswered.reason
    return ONLY_REVOKED if seen else NOT_FOUND


def _states(attempts: DkimAttempts) -> dict[str, KeyState]:
    """The best key at each selector that has one of its own."""
    states: dict[str, KeyState] = {}
    for selector, texts in attempts.own:
        found = {key_state(text) for text in texts}
        best = next((state for state in KeyState if state in found), None)
        if best is not None:
            states[selector] = best
    return states


CHECK = Check(
    "mail.dkim",
    needs=(DkimAttempts, MailRouting),
    outcomes=(FOUND, BROKEN, ONLY_REVOKED, NOT_FOUND),
    judge=judge,
)
