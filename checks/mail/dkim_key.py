"""mail.dkim_key: are the keys to the mail's signatures long enough? (RFC 8301, section 3.2; RFC 8463).

Keys that are damaged, withdrawn or not to be found are told by mail.dkim.
"""

from collections.abc import Iterator

from checks.contract import Check, Evidence, Json, Outcome, Verdict, failed, info, not_applicable, passed
from checks.evidence.dkim import DkimAttempts
from checks.records.dkim import Key, KeyState, key_state, read_key

STRONG = passed("strong")
WEAK = failed("weak")
SHORT = failed("short")
TEST_MODE = info("test-mode")
NO_KEY = not_applicable("no-key")

LEAST_BITS = 1024
"""Signatures by a shorter RSA key do not count (RFC 8301, section 3.2)."""
GOOD_BITS = 2048
_WORST_FIRST = (WEAK, SHORT, TEST_MODE, STRONG)


def judge(evidence: Evidence) -> Iterator[Verdict]:
    """One verdict about the domain: the worst that is true of one of its keys."""
    attempts = evidence.part(DkimAttempts)
    keys = {selector: key for selector, texts in attempts.own if (key := _weakest(texts)) is not None}
    if keys:
        outcome = next(outcome for outcome in _WORST_FIRST if outcome in map(_of, keys.values()))
        concerned = {selector: key for selector, key in keys.items() if _of(key) is outcome}
        facts: dict[str, Json] = {
            "selectors": [*concerned],
            "bits": min(key.bits for key in concerned.values()),
            "keys": {selector: f"{key.kind} {key.bits}" for selector, key in keys.items()},
        }
        yield Verdict(outcome, evidence.domain, facts)
    elif attempts.unanswered is not None:
        yield Verdict(attempts.unanswered.reason, evidence.domain)
    else:
        yield Verdict(NO_KEY, evidence.domain)


def _weakest(texts: tuple[str, ...]) -> Key | None:
    """The weakest key at one selector; receivers may take any of several."""
    keys = [key for text in texts if key_state(text) is KeyState.USABLE and (key := read_key(text)) is not None]
    return min(keys, key=lambda key: _WORST_FIRST.index(_of(key)), default=None)


def _of(key: Key) -> Outcome:
    if key.kind == "rsa" and key.bits < GOOD_BITS:
        return WEAK if key.bits < LEAST_BITS else SHORT
    return TEST_MODE if key.testing else STRONG


CHECK = Check(
    "mail.dkim_key",
    needs=(DkimAttempts,),
    outcomes=(STRONG, WEAK, SHORT, TEST_MODE, NO_KEY),
    judge=judge,
)
