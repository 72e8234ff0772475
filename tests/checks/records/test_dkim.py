import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from checks.records.dkim import KeyState, key_state

RSA = rsa.generate_private_key(65537, 2048).public_key()
SPKI = base64.b64encode(RSA.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
PKCS1 = base64.b64encode(RSA.public_bytes(Encoding.DER, PublicFormat.PKCS1)).decode()
ED25519 = base64.b64encode(ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (f"v=DKIM1; k=rsa; p={SPKI}", KeyState.USABLE),
        (f"v=DKIM1;k=rsa;p={SPKI};", KeyState.USABLE),
        (f"p={SPKI}", KeyState.USABLE),
        (f"k=rsa; t=s; p={SPKI[:60]} {SPKI[60:]}", KeyState.USABLE),
        (f"v=DKIM1; p={PKCS1}", KeyState.USABLE),
        (f"v=DKIM1; k=ed25519; p={ED25519}", KeyState.USABLE),
        (f"v=DKIM1; h=sha256; n=a note; s=email; p={SPKI}", KeyState.USABLE),
        ("v=DKIM1; p=", KeyState.REVOKED),
        ("v=DKIM1; k=rsa; p= ;", KeyState.REVOKED),
        (f"v=DKIM1; k=rsa; p={SPKI[:-3]}", KeyState.BROKEN),
        (f"v=DKIM1; k=rsa; p={SPKI[:-4]}", KeyState.BROKEN),
        (f"v=DKIM1; k=rsa; p={SPKI[4:]}", KeyState.BROKEN),
        ("v=DKIM1; p=MA==", KeyState.BROKEN),
        ("v=DKIM1; p=MIQ=", KeyState.BROKEN),
        (f"v=DKIM1; k=ed25519; p={SPKI}", KeyState.BROKEN),
        (f'v=DKIM1; k=rsa; p="{SPKI}"', KeyState.BROKEN),
        ("v=DKIM1; k=rsa", KeyState.BROKEN),
        (f"v=DKIM1; p={SPKI}; p={SPKI}", KeyState.BROKEN),
        (f"v=DKIM1 k=rsa p {SPKI}; oops", KeyState.BROKEN),
        (f"v=DKIM2; p={SPKI}", None),
        (f"v=DKIM1; k=mldsa; p={SPKI}", None),
        ("v=spf1 include:example.fi -all", None),
        ("google-site-verification=abc", None),
        ("hello; world", None),
        ("", None),
        ("\ufffd\x00=;", None),
    ],
)
def test_key_state(text: str, state: KeyState | None) -> None:
    assert key_state(text) is state
