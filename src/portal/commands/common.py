"""What the commands of the portal share: their settings, read or refused in one line."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from portal import settings
from portal.commands.usage import UsageError
from portal.errors import MigrationError, SettingError
from portal.settings import Settings

T = TypeVar("T")


def settings_or_refuse() -> Settings:
    """The settings. Raises UsageError (`setting`) where one makes no sense."""
    try:
        return settings.current()
    except (SettingError, OSError) as error:
        raise UsageError("setting", str(error)) from error


def run_or_refuse(work: Coroutine[Any, Any, T]) -> T:
    """The result of the work. Raises UsageError where the database cannot be used."""
    import asyncio  # noqa: PLC0415 - not needed to print the help

    try:
        return asyncio.run(work)
    except MigrationError as error:
        raise UsageError("database", str(error)) from error
