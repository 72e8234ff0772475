"""Every route says who may take it: one guard, made of one permission."""

from litestar.handlers import BaseRouteHandler
from litestar.types import Guard
from msgspec.structs import replace

from portal.accounts.permissions import Permission
from portal.errors import NotAllowedError, SecondStepNeededError, SignInNeededError
from portal.web.clients import Connection
from portal.web.sessions import viewer_of

PERMISSION = "permission"
"""The attribute of a guard that says which permission it is made of."""


def requires(permission: Permission) -> Guard:
    """The guard that lets pass whom the permission names.

    Raises, when it guards:
        SignInNeededError: nobody is signed in. Whether there is such a thing was not looked up.
        SecondStepNeededError: they may, once they have shown their second factor.
        NotAllowedError: they may not; it is told as if there were no such thing.
    """

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        viewer, at = viewer_of(connection), connection.path_params
        if permission(viewer, at):
            return
        if viewer.person is None:
            raise SignInNeededError
        raise SecondStepNeededError if permission(replace(viewer, stepped_up=True), at) else NotAllowedError

    setattr(guard, PERMISSION, permission)
    return guard
