"""What several forms have in common: which row they are about."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from portal.errors import NotAllowedError
from portal.pages.page import words


def id_in(form: Mapping[str, Any], field: str) -> UUID:
    """The id in that hidden field. Raises NotAllowedError for what is none: there is no such thing."""
    try:
        return UUID(str(form.get(field, "")))
    except ValueError:
        raise NotAllowedError from None


def name_reason(code: str, language: str) -> str:
    """Why nothing can be called that (`portal.errors.UnusableNameError`)."""
    tell = words(language)
    return {"no-name": tell("Type a name."), "too-long": tell("Make the name shorter: at most 100 characters.")}[code]
