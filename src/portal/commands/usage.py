"""Input that a command cannot use: said in one plain line, with exit code 2."""

import argparse
import json
import sys
from typing import NoReturn

UNUSABLE = 2
"""The exit code of every command whose input cannot be used."""


class UsageError(Exception):
    """What was typed, or how this machine is set up, cannot be used.

    `code` is stable, kebab-case and part of the public interface; `message` is one plain sentence.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of printing its usage and leaving."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError with the code `usage`."""
        raise UsageError("usage", f"{message} (see {self.prog} --help)")


def report(code: str, message: str, *, as_json: bool) -> None:
    """One line on standard error; with `--json` the document that says so, on standard output."""
    line = one_line(message)
    print(f"kyberkunto: {line}", file=sys.stderr)  # noqa: T201 - a command talks on its streams
    if as_json:
        print(json.dumps({"error": {"code": code, "message": line}}))  # noqa: T201 - the same


def one_line(text: str) -> str:
    """The text without line breaks and without what could steer a terminal: part of it may be a stranger's."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
