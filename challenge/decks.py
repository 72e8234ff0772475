"""Pitch decks: whether a file is a PDF that may be kept and shown to others, told by its content and never its name.

Whoever calls this with a stranger's file does so in a process of its own with limits: such files mislead parsers.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from challenge.errors import DeckError

LARGEST = 10 * 1024 * 1024
"""Bytes."""
MOST_PAGES = 20
LONGEST_NAME = 100
MOST_OBJECTS = 200_000


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NO_PDF = "no-pdf"
    """It does not begin as a PDF does, or goes on after one, or is another kind of file as well."""
    BROKEN = "broken"
    """It is cut off, or nothing can be read out of it within the limits."""
    ENCRYPTED = "encrypted"
    NO_PAGES = "no-pages"
    TOO_MANY_PAGES = "too-many-pages"
    ACTIVE = "active"
    """It runs something, opens something, or carries other files."""


_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
_TAIL = 2048
_ACTIVE = frozenset(
    ("/JS", "/JavaScript", "/AA", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA", "/GoToR",
     "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/3D", "/Screen", "/FileAttachment")
)  # fmt: skip
"""Names of actions, annotations and entries that do more than show a page (ISO 32000-2, sections 12.5 and 12.6)."""
_WRITTEN = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)(?=[\s/<>\[\]()%])")
"""The longer ones, looked for in the bytes as well: other programs may find objects that ours does not."""
_STRANGE = re.compile(r"[^\w\-. ()]")


def pages_of(content: bytes) -> int:
    """How many pages the PDF has.

    Raises:
        DeckError: it cannot be taken; `code` is a `Fault`.
    """
    _require_form(content)
    try:
        return _read(content)
    except DeckError:
        raise
    except Exception as error:  # whatever a parser meets in a stranger's file
        raise DeckError(Fault.BROKEN) from error


def safe_name(typed: str) -> str:
    """The file's name without folders, signs that steer and whatever an operating system minds; it ends in `.pdf`."""
    last = unicodedata.normalize("NFC", typed).replace("\\", "/").rpartition("/")[2]
    plain = " ".join(_STRANGE.sub(" ", last).split())
    stem = re.sub(r"\.pdf\Z", "", plain, flags=re.IGNORECASE).strip(" .-")
    return f"{stem[: LONGEST_NAME - 4].strip(' .-') or 'deck'}.pdf"


def _require_form(content: bytes) -> None:
    if not content:
        raise DeckError(Fault.EMPTY)
    if len(content) > LARGEST:
        raise DeckError(Fault.TOO_LARGE, len(content) - LARGEST)
    if not content.startswith(b"%PDF-"):
        raise DeckError(Fault.NO_PDF)
    if b"%%EOF" not in content[-_TAIL:]:
        raise DeckError(Fault.BROKEN)
    if not _END.search(content[-_TAIL:]) or zipfile.is_zipfile(io.BytesIO(content)):
        raise DeckError(Fault.NO_PDF)


def _read(content: bytes) -> int:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise DeckError(Fault.ENCRYPTED)
    if _WRITTEN.search(content) or any(_is_active(each) for each in _objects(reader)):
        raise DeckError(Fault.ACTIVE)
    count = len(reader.pages)
    if not count:
        raise DeckError(Fault.NO_PAGES)
    if count > MOST_PAGES:
        raise DeckError(Fault.TOO_MANY_PAGES, count - MOST_PAGES)
    return count


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Every object that the file holds, also those that no page leads to, with all that stands directly in it."""
    numbers = [(number, generation) for generation, found in reader.xref.items() for number in found]
    numbers += [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise DeckError(Fault.BROKEN)
    waiting: list[Any] = [reader.trailer]
    for number, generation in numbers:
        waiting.append(reader.get_object(IndirectObject(number, generation, reader)))
        while waiting:
            each = waiting.pop()
            yield each
            waiting.extend(_parts(each))


def _parts(each: Any) -> list[Any]:  # noqa: ANN401 - whatever a PDF holds
    if isinstance(each, DictionaryObject):
        return [value for value in dict.values(each) if isinstance(value, DictionaryObject | ArrayObject)]
    if isinstance(each, ArrayObject):
        return [value for value in list.__iter__(each) if isinstance(value, DictionaryObject | ArrayObject)]
    return []


def _is_active(each: Any) -> bool:  # noqa: ANN401 - the same
    if not isinstance(each, DictionaryObject):
        return False
    names = {str(value) for value in (each.raw_get(name) for name in ("/S", "/Subtype", "/Type") if name in each)}
    return bool(_ACTIVE & set(each)) or bool(_ACTIVE & names) or _opens(each)


def _opens(each: DictionaryObject) -> bool:
    """Whether opening the file does anything but show a page of it: most programs only write where it begins."""
    if "/OpenAction" not in each:
        return False
    action = each["/OpenAction"]
    return isinstance(action, DictionaryObject) and action.get("/S") != "/GoTo"
