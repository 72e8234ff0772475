"""How a letter is handed to the operator's mail server (RFC 5321, RFC 6409): three steps of one call.

Answers of mail servers may hold the address that we write to, and errors hold answers. So nothing that is raised here
has more than a code or the name of an error, and nothing of it is chained: it can be logged.
"""

import contextlib
from collections.abc import AsyncIterator

from aiosmtplib import SMTP, SMTPDataError, SMTPException
from aiosmtplib.errors import SMTPRecipientRefused, SMTPResponseException, SMTPSenderRefused

from portal.errors import LetterPutOffError, LetterRefusedError, LetterUncertainError
from portal.relay import Relay

STEP_S = 30.0
"""For each answer of the server but the last."""
DATA_S = 300.0
"""For the answer to the letter itself: servers look for spam before they take it."""
QUIT_S = 5.0


@contextlib.asynccontextmanager
async def calling(relay: Relay, our_host: str) -> AsyncIterator[SMTP]:
    """A call to that server: connected, encrypted where the relay says so, signed in, and ended politely.

    Raises:
        LetterPutOffError: no call came about; also where we are not let in, which the operator can mend.
    """
    client = SMTP(
        hostname=relay.host,
        port=relay.port,
        username=relay.user or None,
        password=relay.password or None,
        local_hostname=our_host,
        timeout=STEP_S,
        use_tls=relay.tls,
        start_tls=relay.starttls,
    )
    try:
        await client.connect()
    except (SMTPException, OSError) as error:
        raise LetterPutOffError(_reason(error)) from None
    try:
        yield client
    finally:
        with contextlib.suppress(SMTPException, OSError):
            await client.quit(timeout=QUIT_S)
        client.close()


async def announce(client: SMTP, sender: str, recipient: str) -> None:
    """Says whom the letter comes from and goes to.

    Raises:
        LetterRefusedError: for good.
        LetterPutOffError: for now, or nobody answered.
    """
    try:
        await client.mail(sender)
        await client.rcpt(recipient)
    except (SMTPSenderRefused, SMTPRecipientRefused) as error:
        raise _refusal(error.code) from None
    except (SMTPException, OSError) as error:
        raise LetterPutOffError(_reason(error)) from None


async def hand_over(client: SMTP, letter: bytes) -> None:
    """Hands the letter over; when this returns, the server has taken it upon itself (RFC 5321, section 4.2.5).

    Raises:
        LetterRefusedError: for good.
        LetterPutOffError: for now.
        LetterUncertainError: the server did not say whether it has it.
    """
    try:
        await client.data(letter, timeout=DATA_S)
    except SMTPDataError as error:
        raise _refusal(error.code) from None
    except (SMTPException, OSError):
        raise LetterUncertainError from None


def _refusal(code: int) -> LetterRefusedError | LetterPutOffError:
    return LetterRefusedError(code) if code >= 500 else LetterPutOffError(str(code))  # noqa: PLR2004 - RFC 5321, 4.2.1


def _reason(error: Exception) -> str:
    return str(error.code) if isinstance(error, SMTPResponseException) else type(error).__name__
