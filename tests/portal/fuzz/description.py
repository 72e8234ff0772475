"""Our own OpenAPI description, made of the routes, with what forms hold and things that there are put into it."""

import ast
import inspect
from collections.abc import Iterable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute

from portal.app import ROUTES

FORM = "application/x-www-form-urlencoded"
READS = {"get", "getall"}


def described(known: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """OpenAPI 3.1. `known`: by a path parameter's or a field's name, texts that name something."""
    config = OpenAPIConfig(title="Kyberkunto", version="1", path="/description")
    app = Litestar(route_handlers=[*ROUTES], openapi_config=config)
    whole = app.openapi_schema.to_schema()
    fields = {_path(route): _fields(route) for route in app.routes if isinstance(route, HTTPRoute)}
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", []):
                parameter["schema"] = _text(parameter["name"], known)
            if method == "post":
                form = {name: _text(name, known) for name in sorted(fields.get(path, set()))}
                body = {"schema": {"type": "object", "properties": form}}
                operation["requestBody"] = {"content": {FORM: body}, "required": False}
    return whole


def _path(route: HTTPRoute) -> str:
    return "".join(part if isinstance(part, str) else f"/{{{part.name}}}" for part in _parts(route)) or "/"


def _parts(route: HTTPRoute) -> Iterable[Any]:
    return [f"/{part}" if isinstance(part, str) else part for part in route.path_components]


def _text(name: str, known: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    anything = {"type": "string", "maxLength": 300}
    there_is = list(known.get(name, ()))
    return {"anyOf": [{"type": "string", "enum": there_is}, anything]} if there_is else anything


def _fields(route: HTTPRoute) -> set[str]:
    """What the modules of its forms' functions read out of forms, by name."""
    handlers = [each for each in route.route_handlers if isinstance(each, HTTPRouteHandler)]
    modules = {inspect.getmodule(each.fn) for each in handlers if "POST" in each.http_methods}
    return {name for module in modules if module is not None for name in _read(module)}


@cache
def _read(module: ModuleType) -> frozenset[str]:
    calls = (node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call))
    return frozenset(
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in READS
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    )
