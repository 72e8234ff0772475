"""An authenticator in software (WebAuthn level 3, section 6): real keys and signatures, for tests without a browser."""

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
AAGUID = bytes(16)


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SoftwareKey:
    """One passkey. `count`: its counter after each use; 0 stays 0 where `counts` is False, as synced passkeys do."""

    def __init__(self, origin: str, domain: str, *, counts: bool = True) -> None:
        self.origin, self.domain, self.counts = origin, domain, counts
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.count = 0

    def make(self, asked: dict[str, Any], **instead: str) -> str:
        """What the page's form sends after `navigator.credentials.create`; `instead` changes the client's data."""
        client = self._client("webauthn.create", asked, instead)
        data = (
            self._data(PRESENT | VERIFIED | HAS_KEY) + AAGUID + len(self.id).to_bytes(2, "big") + self.id + self._key()
        )
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": encoded(client), "attestationObject": encoded(attested)})

    def sign(self, asked: dict[str, Any], **instead: str) -> str:
        """The same after `navigator.credentials.get`."""
        self.count += self.counts
        client = self._client("webauthn.get", asked, instead)
        data = self._data(PRESENT | VERIFIED)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer({name: encoded(part) for name, part in parts.items()})

    def _client(self, kind: str, asked: dict[str, Any], instead: dict[str, str]) -> bytes:
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False, **instead}
        return json.dumps(told).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.domain.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _key(self) -> bytes:
        numbers = self.private.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})  # RFC 9053, section 7.1.1

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps(
            {"id": encoded(self.id), "rawId": encoded(self.id), "type": "public-key", "response": response}
        )
