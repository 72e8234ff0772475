"""Codes of an app as second factor (TOTP, RFC 6238): SHA-1, 30 seconds, 6 digits, which is what every app can do.

The secret is kept encrypted with a key of the installation and bound to its person, so that a copy of the database
alone makes no codes. Each time step counts once (RFC 6238, section 5.2), whoever tries how often at once.
"""

import secrets
from functools import cache
from uuid import UUID

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal import clock, settings
from portal.accounts.tables import Authenticator
from portal.database import rows

STEP_S = 30
DRIFT_STEPS = 1
"""So many steps a telephone's clock may be off (RFC 6238, section 5.2)."""
DIGITS = 6
ISSUER = "Kyberkunto"

_LABEL = b"kyberkunto second factor: secret of an app"
_NONCE_BYTES = 12
_COUNT_STEP = """
    UPDATE authenticator SET last_step = {} WHERE person = {} AND secret = {} AND last_step < {} RETURNING id
"""


def new_secret() -> str:
    """A secret of 160 bits, in base32 as apps take it (RFC 4226, section 4, R6)."""
    return pyotp.random_base32()


def sealed(secret: str, person: UUID) -> bytes:
    """The secret as it is kept: AES-256-GCM, bound to the person."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key(settings.current().secret)).encrypt(nonce, secret.encode(), person.bytes)


def unsealed(kept: bytes, person: UUID) -> str | None:
    """The secret; None where it is another person's, or the installation's secret has changed."""
    nonce, text = kept[:_NONCE_BYTES], kept[_NONCE_BYTES:]
    try:
        return AESGCM(_key(settings.current().secret)).decrypt(nonce, text, person.bytes).decode()
    except InvalidTag:
        return None


def address_for_app(secret: str, account: str) -> str:
    """What the picture says (the Key URI format that apps share). `account`: how its owner tells it from others."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def picture(text: str) -> str:
    """The text as a QR code (ISO/IEC 18004): an SVG element to stand in a page, coloured by its style sheet."""
    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass="qr__dots")


def step_of(secret: str, typed: str) -> int | None:
    """The time step whose code that is, now or one step away; None where it is none."""
    code = "".join(typed.split())
    if not (len(code) == DIGITS and code.isascii() and code.isdigit()):
        return None
    made, now = pyotp.TOTP(secret), int(clock.now().timestamp()) // STEP_S
    near = range(now + DRIFT_STEPS, now - DRIFT_STEPS - 1, -1)
    found = [step for step in near if secrets.compare_digest(made.generate_otp(step), code)]
    return found[0] if found else None


async def spend(person: UUID, typed: str) -> bool:
    """Whether that is a code of their app that was not used before; then it is used from now on."""
    row = await Authenticator.objects().where(Authenticator.person == person).first()
    secret = unsealed(row.secret, person) if row is not None else None
    if row is None or secret is None:
        return False
    step = step_of(secret, typed)
    return step is not None and bool(await rows(_COUNT_STEP, step, person, row.secret, step))


@cache
def _key(secret: str) -> bytes:
    """The key of this use alone (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_LABEL).derive(secret.encode())
