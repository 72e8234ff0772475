"""Which view a stream gets: plain text, or live on a terminal in colour."""

from collections.abc import Callable
from typing import TextIO

from portal.commands.view import View


def choose(stream: TextIO) -> Callable[[str, str], View]:
    """What makes the view for this stream, from a domain and a language."""
    if stream.isatty():
        from portal.commands.live import Live  # noqa: PLC0415 - start-up: a pipe needs no colours

        return Live
    from portal.commands.plain import Plain  # noqa: PLC0415 - start-up: --json needs no words

    return Plain
