"""Sending the link of an answer sheet by mail: whom, how often, and what the letter tells."""

from datetime import timedelta

from portal import settings
from portal.accounts import limits
from portal.assessments.tables import AnswerSheet
from portal.errors import TooManyLettersError, TooManyRequestsError
from portal.mail import service as letterbox
from portal.mail.tables import Kind, Letter
from portal.mail_addresses import parse_mail_address, pseudonym

PER_CLIENT_AND_HOUR = 20
"""A course may sit behind one address."""
PER_ADDRESS_AND_DAY = 3
PER_SHEET_AND_DAY = 5


async def send_link(row: AnswerSheet, language: str, typed: str, client: str) -> Letter:
    """Writes a letter with the sheet's link, in that language, to the address that somebody typed.

    What is answered is the same whether or not the address exists. `client`: the asker's pseudonym.

    Raises:
        UnusableAddressError: that is no address that we can write to.
        TooManyLettersError: from this client, about this sheet or to this address.
    """
    address = parse_mail_address(typed)
    chosen = settings.current()
    try:
        await limits.take("letters-client", client, PER_CLIENT_AND_HOUR, timedelta(hours=1))
        await limits.take("letters-sheet", str(row.id), PER_SHEET_AND_DAY, timedelta(days=1))
        await limits.take("letters-address", pseudonym(address), PER_ADDRESS_AND_DAY, timedelta(days=1))
    except TooManyRequestsError as error:
        raise TooManyLettersError(error.limit, error.retry_after_s) from None
    link = f"{chosen.public_url}/{language}/q/{row.token}"
    return await letterbox.send(Kind.SHEET_LINK, language, address, {"link": link})
