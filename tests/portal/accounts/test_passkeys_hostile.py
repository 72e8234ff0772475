"""Whatever a browser sends in a passkey's place is refused, and breaks nothing."""

import base64
import json
from functools import cache
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import passkeys
from portal.accounts.passkeys import Site
from portal.accounts.tables import Passkey
from portal.errors import PasskeyRefusedError
from tests.portal.accounts.authenticator import SoftwareKey, decoded, encoded

SITE = Site("kyberkunto.test", "https://kyberkunto.test")
CHALLENGE = bytes(range(32))

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    max_leaves=5,
)
_PART = st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "attestationObject", "userHandle"])
_BYTES = st.binary(max_size=200).map(encoded)
_ANSWERS = st.one_of(
    st.text(),
    _JSON.map(json.dumps),
    st.fixed_dictionaries(
        {"id": _BYTES | _JSON, "rawId": _BYTES | _JSON, "type": st.just("public-key") | _JSON},
        optional={"response": _JSON | st.dictionaries(_PART, _BYTES | _JSON)},
    ).map(json.dumps),
)


@cache
def good() -> tuple[Passkey, str, str]:
    """A passkey, and what the browser sent when it was made and when it was used."""
    software = SoftwareKey(SITE.origin, SITE.domain)
    asked = {"challenge": base64.urlsafe_b64encode(CHALLENGE).decode().rstrip("=")}
    made = software.make(asked)
    seen = passkeys.read_new(made, CHALLENGE, SITE)
    key = Passkey(person=uuid4(), credential=seen.credential_id, public_key=seen.credential_public_key, uses=0)
    return key, made, software.sign(asked)


def test_what_is_good_is_taken() -> None:
    key, made, used = good()
    assert passkeys.read_new(made, CHALLENGE, SITE).credential_id == key.credential
    assert passkeys.read_use(used, CHALLENGE, SITE, key) == 1


@given(answer=_ANSWERS)
def test_what_is_made_up_is_refused(answer: str) -> None:
    key, _, _ = good()
    with pytest.raises(PasskeyRefusedError):
        passkeys.read_new(answer, CHALLENGE, SITE)
    with pytest.raises(PasskeyRefusedError):
        passkeys.read_use(answer, CHALLENGE, SITE, key)


@given(
    part=st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]),
    at=st.integers(0),
    flip=st.integers(1, 255),
)
def test_one_octet_changed_in_what_was_signed_is_refused(part: str, at: int, flip: int) -> None:
    key, _, used = good()
    answer = json.loads(used)
    octets = bytearray(decoded(answer["response"][part]))
    octets[at % len(octets)] ^= flip
    answer["response"][part] = encoded(bytes(octets))
    with pytest.raises(PasskeyRefusedError):
        passkeys.read_use(json.dumps(answer), CHALLENGE, SITE, key)


@given(cut=st.integers(0), more=st.binary(max_size=40))
def test_what_was_made_and_is_cut_off_is_refused(cut: int, more: bytes) -> None:
    _, made, _ = good()
    answer = json.loads(made)
    octets = decoded(answer["response"]["attestationObject"])
    answer["response"]["attestationObject"] = encoded(octets[: cut % (len(octets) - 41)] + more)
    with pytest.raises(PasskeyRefusedError):
        passkeys.read_new(json.dumps(answer), CHALLENGE, SITE)
