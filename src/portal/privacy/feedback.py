"""What people tell of what stood in their way; the operator answers within 14 days (Finnish act 306/2019)."""

from datetime import timedelta
from typing import Any

from portal import clock
from portal.accounts import limits
from portal.mail_addresses import parse_mail_address
from portal.privacy.tables import Feedback

LONGEST = 2000
LONGEST_PLACE = 300
PER_CLIENT_AND_DAY = 20
MOST = 1000


async def tell(language: str, place: str, message: str, typed: str, client: str) -> None:
    """Keeps a message for the operator. `typed`: where its writer wants the answer, may be empty.

    Raises:
        UnusableAddressError: that is no address that can be answered to.
        TooManyRequestsError: this client wrote too often today.
    """
    reply_to = parse_mail_address(typed) if typed.strip() else ""
    await limits.take("feedback", client, PER_CLIENT_AND_DAY, timedelta(days=1))
    message, place = message.strip()[:LONGEST], place.strip()[:LONGEST_PLACE]
    await Feedback(language=language, place=place, message=message, reply_to=reply_to, created_at=clock.now()).save()


async def all_of_it() -> list[dict[str, Any]]:
    """What people told, the newest first."""
    columns = (Feedback.created_at, Feedback.language, Feedback.place, Feedback.message, Feedback.reply_to)
    return await Feedback.select(*columns).order_by(Feedback.created_at, ascending=False).limit(MOST)
