"""Applies a published snippet to a block of nginx's configuration, knowing no check (see `checks.contract.Snippet`)."""

import re
from collections.abc import Iterable
from dataclasses import replace

from checks.contract import Snippet
from tests.farm.web import Web

_STATEMENT = re.compile(r"[^;{}]+;|[^;{}]+\{[^{}]*\}")
_MANY_OF = {"add_header"}
"""Directives that may stand several times, told apart by their first argument."""
_BLOCKS = {"location", "if"}
"""Those told apart by all that stands before their braces."""


def served(web: Web, snippets: Iterable[Snippet]) -> Web:
    """The web server with those lines in the places they name."""
    http, https = web.http_block(), web.https_block()
    for snippet in snippets:
        if snippet.place == "http":
            http = merged(http, snippet.text)
        else:
            https = merged(https, snippet.text)
    lines = replace(web, http_lines=tuple(http), https_lines=tuple(https))
    return replace(lines, hsts=None, headers=(), protocols=(), ciphers="", temper=None)


def merged(lines: list[str], text: str) -> list[str]:
    """The lines with each statement of the text in the place of those that set the same thing."""
    statements = [found.strip() for found in _STATEMENT.findall(text)]
    assert statements, text
    set_anew = {_what(statement) for statement in statements}
    return [*(line for line in lines if _what(line) not in set_anew), *statements]


def _what(statement: str) -> tuple[str, str]:
    """What a statement sets: its directive, and for one that may stand several times what tells it apart."""
    directive, *arguments = statement.rstrip(";").split(None, 2)
    if directive in _BLOCKS:
        return directive, " ".join(statement.partition("{")[0].split()[1:])
    return directive, arguments[0].lower() if directive in _MANY_OF and arguments else ""
