"""Whom somebody invites, in few words."""

from uuid import uuid4

from portal.accounts import sessions
from portal.accounts.invitations import Ask
from portal.accounts.sessions import Rise
from portal.accounts.tables import Person
from portal.accounts.viewer import Viewer, viewer_in


async def viewer(somebody: Person) -> Viewer:
    """Them as who asks, with their second factor, as they stand now."""
    shown = await sessions.keep_under_new_id(None, {}, Rise(somebody.id, stepped_up=True))
    return await viewer_in(await sessions.load(shown))


def ask(typed: str, by: Viewer, language: str = "en") -> Ask:
    """They invite that address, from a network of their own."""
    return Ask(typed, language, by, f"client-{uuid4().hex}")
