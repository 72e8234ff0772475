"""Addresses of calendars: nobody makes one up, and nobody changes one into another."""

from uuid import uuid4

import pytest

from portal.errors import CalendarNotFoundError
from portal.exports.tickets import Ticket, Whose, read_ticket

pytestmark = pytest.mark.usefixtures("portal")


@pytest.mark.parametrize("whose", list(Whose))
async def test_ticket_is_read_as_it_was_given_out(whose: Whose) -> None:
    ticket = Ticket(whose, uuid4())
    assert read_ticket(ticket.text()) == ticket
    assert Ticket(whose, ticket.id).text() == ticket.text()


async def test_changed_ticket_opens_nothing() -> None:
    text = Ticket(Whose.CHECK, uuid4()).text()
    changed = [f"{text[:place]}{'0' if sign != '0' else '1'}{text[place + 1 :]}" for place, sign in enumerate(text)]
    for wrong in (*changed, "", "s", text[:-1], f"{text}0", "ö" * 65, "\ud800", f"s{text[1:]}"):
        with pytest.raises(CalendarNotFoundError):
            read_ticket(wrong)
