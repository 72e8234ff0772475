import base64
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from checks.evidence.dkim import DkimAttempts
from checks.evidence.lookups import Answer, Lookup
from checks.mail.dkim_key import CHECK
from tests.checks.telling import found, judged, nothing

ED25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # of RFC 8463, appendix A
REVOKED = "v=DKIM1; p="
CUT = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDw"
NOBODY = nothing("kk-0._domainkey.firm.fi", "TXT", Lookup.NO_NAME)


@cache
def rsa_key(bits: int, more: str = "") -> str:
    """A record with a key of that size; the library makes none under 1024 bits, so that is written by hand."""
    if bits < 1024:
        numbers = _integer((1 << (bits - 1)) | 1) + _integer(65537)
        der = b"\x30" + _length(len(numbers)) + numbers
    else:
        key = rsa.generate_private_key(65537, bits).public_key()
        der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert load_der_public_key(der)
    return f"v=DKIM1; {more}p={base64.b64encode(der).decode()}"


def _integer(number: int) -> bytes:
    content = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + _length(len(content)) + content


def _length(size: int) -> bytes:
    return bytes([size]) if size < 128 else bytes([0x81, size])


def attempts(stray: Answer = NOBODY, /, **answers: str | Lookup) -> DkimAttempts:
    def at(selector: str, given: str | Lookup) -> Answer:
        name = f"{selector}._domainkey.firm.fi"
        return nothing(name, "TXT", given) if isinstance(given, Lookup) else found(name, "TXT", given)

    return DkimAttempts(tuple((selector, at(selector, given)) for selector, given in answers.items()), stray, ())


CASES = [
    ("strong", attempts(default=rsa_key(2048)), ["default"], 2048),
    ("strong", attempts(default=rsa_key(3072), s1=rsa_key(2048)), ["default", "s1"], 2048),
    ("strong", attempts(default=ED25519), ["default"], 256),
    ("strong", attempts(default=rsa_key(2048), s1=Lookup.TIMEOUT, s2=REVOKED, s3=CUT), ["default"], 2048),
    ("short", attempts(default=rsa_key(1024), s1=rsa_key(2048)), ["default"], 1024),
    ("short", attempts(default=rsa_key(1024, "t=y; ")), ["default"], 1024),
    ("weak", attempts(default=rsa_key(768), s1=rsa_key(1024)), ["default"], 768),
    ("weak", attempts(default=rsa_key(1023)), ["default"], 1023),
    ("weak", attempts(default=rsa_key(512)), ["default"], 512),
    ("test-mode", attempts(default=rsa_key(2048, "t=y:s; "), s1=ED25519), ["default"], 2048),
    ("strong", attempts(default=rsa_key(2048, "t=s; ")), ["default"], 2048),
]


@pytest.mark.parametrize(("outcome", "tried", "selectors", "bits"), CASES)
def test_verdict(outcome: str, tried: DkimAttempts, selectors: list[str], bits: int) -> None:
    verdict = judged(CHECK, "firm.fi", tried)
    facts = verdict.facts
    assert (verdict.outcome.name, facts["selectors"], facts["bits"]) == (outcome, selectors, bits)
    assert verdict.subject == "firm.fi"


@pytest.mark.parametrize(
    ("outcome", "tried"),
    [
        ("no-key", attempts(default=Lookup.NO_NAME)),
        ("no-key", attempts(default=REVOKED, s1=CUT)),
        ("no-key", attempts(found("kk-0", "TXT", rsa_key(768)), default=rsa_key(768))),
        ("dns-timeout", attempts(default=Lookup.NO_NAME, s1=Lookup.TIMEOUT)),
        ("dns-failed", attempts(nothing("kk-0", "TXT", Lookup.FAILED), default=Lookup.NO_NAME)),
    ],
)
def test_without_a_key_there_is_nothing_to_measure(outcome: str, tried: DkimAttempts) -> None:
    assert judged(CHECK, "firm.fi", tried).outcome.name == outcome


def test_weakest_of_two_keys_at_one_selector_counts() -> None:
    both = found("default._domainkey.firm.fi", "TXT", rsa_key(2048), rsa_key(1024))
    verdict = judged(CHECK, "firm.fi", DkimAttempts((("default", both),), NOBODY, ()))
    assert verdict.outcome.name == "short"
