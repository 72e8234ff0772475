"""Every route has one guard, made of one permission that `portal.accounts.permissions` names."""

from collections.abc import Callable

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from portal.accounts import permissions
from portal.web.guards import PERMISSION

PUBLIC_METHODS = {"GET", "HEAD", "OPTIONS", "POST"}


def handlers(application: Litestar) -> list[HTTPRouteHandler]:
    routes = [route for route in application.routes if isinstance(route, HTTPRoute)]
    found = {id(handler): handler for route in routes for handler in route.route_handlers}
    return list(found.values())


def declared(handler: HTTPRouteHandler) -> list[Callable[..., bool]]:
    return [getattr(guard, PERMISSION) for guard in handler.resolve_guards() if hasattr(guard, PERMISSION)]


@pytest.mark.usefixtures("installation")
def test_every_route_declares_one_permission_that_has_a_name(application: Litestar) -> None:
    named = {value for value in vars(permissions).values() if callable(value)}
    wrong = {
        (path, handler.fn.__name__): [each.__name__ for each in declared(handler)]
        for handler in handlers(application)
        for path in handler.paths
        if handler.http_methods <= PUBLIC_METHODS
        and handler.http_methods != {"OPTIONS"}
        and (len(declared(handler)) != 1 or declared(handler)[0] not in named)
    }
    assert wrong == {}


@pytest.mark.usefixtures("installation")
def test_no_route_takes_other_methods_than_pages_and_forms(application: Litestar) -> None:
    assert {method for handler in handlers(application) for method in handler.http_methods} <= PUBLIC_METHODS
