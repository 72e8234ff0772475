"""Decks are told by their content: what a plain one is, what is refused, and that hostile ones end within limits."""

import io
import time
import zipfile
import zlib

import pytest
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from challenge import decks
from challenge.decks import Fault
from challenge.errors import DeckError
from portal.entries import looking


def blank(pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 100)
    return writer


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def action(kind: str, **more: str) -> DictionaryObject:
    made = DictionaryObject({NameObject("/S"): NameObject(kind)})
    return DictionaryObject({**made, **{NameObject(f"/{key}"): TextStringObject(text) for key, text in more.items()}})


def with_root(name: str, value: object) -> bytes:
    writer = blank()
    writer.root_object[NameObject(name)] = value  # type: ignore[index]
    return written(writer)


def with_page(name: str, value: object) -> bytes:
    writer = blank()
    writer.pages[0][NameObject(name)] = value  # type: ignore[index]
    return written(writer)


def with_annotation(**more: object) -> bytes:
    annotation = DictionaryObject({NameObject(f"/{key}"): value for key, value in more.items()})
    annotation[NameObject("/Type")] = NameObject("/Annot")
    return with_page("/Annots", ArrayObject([annotation]))


def with_attachment() -> bytes:
    writer = blank()
    writer.add_attachment("run.exe", b"MZ")
    return written(writer)


def encrypted() -> bytes:
    writer = blank()
    writer.encrypt("", "owner", algorithm="RC4-128")
    return written(writer)


def orphan() -> bytes:
    """A script to which nothing leads."""
    writer = blank()
    writer._add_object(action("/JavaScript", JS="app.alert(1)"))  # noqa: SLF001 - there is no public way
    return written(writer)


def hand_made(*objects: bytes, filler: bytes = b"") -> bytes:
    """A PDF with these objects, numbered from 1; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n" + filler), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


def object_stream(content: bytes, count: int) -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< /Type /ObjStm /N %d /First 8 /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (
        count, len(packed), packed,
    )  # fmt: skip


def in_object_stream(bomb: bytes) -> bytes:
    """A PDF whose cross-reference stream says that its object 4 stands in a compressed one, the 10th."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in ((1, CATALOGUE), (2, PAGES), (3, PAGE), (10, object_stream(bomb, 1))):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    rows = [(0, 0, 65535)]
    where = {**{number: (1, place, 0) for number, place in places.items()}, 4: (2, 10, 0)}
    rows += [where.get(number, (0, 0, 0)) for number in range(1, 11)]
    table = b"".join(
        bytes([kind]) + a.to_bytes(4, "big") + b.to_bytes(2, "big") for kind, a, b in [*rows, (1, start, 0)]
    )
    out += b"11 0 obj\n<< /Type /XRef /Size 12 /W [1 4 2] /Root 1 0 R /Length %d >>\nstream\n" % len(table)
    out += table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.sh", "echo")
    return out.getvalue()


def zip_with_end_in_pdf() -> bytes:
    """A PDF that is a zip as well: the archive stands in its beginning, its end has the rest as a comment."""
    plain = written(blank())
    body = b"%PDF-1.7\n" + zipped()[:-22] + plain
    end = bytearray(zipped()[-22:])
    end[20:22] = (len(plain) + 1).to_bytes(2, "little")
    return body + bytes(end) + b"\n" + plain


REFUSED: dict[str, tuple[bytes, Fault]] = {
    "empty": (b"", Fault.EMPTY),
    "text": (b"Hello", Fault.NO_PDF),
    "header-later": (b"GIF89a " + written(blank()), Fault.NO_PDF),
    "zip-behind": (written(blank()) + zipped(), Fault.NO_PDF),
    "zip-around": (zip_with_end_in_pdf(), Fault.NO_PDF),
    "html-behind": (written(blank()) + b"<script>alert(1)</script>", Fault.NO_PDF),
    "truncated": (written(blank(3))[:-200], Fault.BROKEN),
    "header-only": (b"%PDF-1.7\nstartxref\n0\n%%EOF\n", Fault.BROKEN),
    "encrypted": (encrypted(), Fault.ENCRYPTED),
    "21-pages": (written(blank(21)), Fault.TOO_MANY_PAGES),
    "too-large": (b"%PDF-" + b"0" * decks.LARGEST, Fault.TOO_LARGE),
    "open-script": (with_root("/OpenAction", action("/JavaScript", JS="app.alert(1)")), Fault.ACTIVE),
    "open-launch": (with_root("/OpenAction", action("/Launch", F="cmd.exe")), Fault.ACTIVE),
    "open-web": (with_root("/OpenAction", action("/URI", URI="https://x.example")), Fault.ACTIVE),
    "on-close": (with_root("/AA", DictionaryObject()), Fault.ACTIVE),
    "page-on-open": (with_page("/AA", DictionaryObject()), Fault.ACTIVE),
    "names-script": (
        with_root("/Names", DictionaryObject({NameObject("/JavaScript"): DictionaryObject()})), Fault.ACTIVE,
    ),
    "attachment": (with_attachment(), Fault.ACTIVE),
    "form-xfa": (with_root("/AcroForm", DictionaryObject({NameObject("/XFA"): TextStringObject("")})), Fault.ACTIVE),
    "rich-media": (with_annotation(Subtype=NameObject("/RichMedia")), Fault.ACTIVE),
    "movie": (with_annotation(Subtype=NameObject("/Movie")), Fault.ACTIVE),
    "link-to-file": (with_annotation(Subtype=NameObject("/Link"), A=action("/GoToR", F="x.pdf")), Fault.ACTIVE),
    "link-script": (with_annotation(Subtype=NameObject("/Link"), A=action("/JavaScript", JS="1")), Fault.ACTIVE),
    "nobody-leads-there": (orphan(), Fault.ACTIVE),
    "name-in-hexadecimal": (
        hand_made(b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /J#61vaScript /J#53 (1) >> >>", PAGES, PAGE),
        Fault.ACTIVE,
    ),
    "hidden-in-an-object-stream": (in_object_stream(b"4 0     << /S /JavaScript /JS (1) >>"), Fault.ACTIVE),
    "object-that-only-others-find": (
        hand_made(CATALOGUE, PAGES, PAGE, filler=b"9 0 obj << /S /Launch /F (cmd) >> endobj\n"), Fault.ACTIVE,
    ),
    "pages-in-a-circle": (
        hand_made(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>", PAGE), Fault.BROKEN,
    ),
    "no-pages": (hand_made(CATALOGUE, b"<< /Type /Pages /Kids [] /Count 0 >>"), Fault.NO_PAGES),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plain_deck_is_refused(name: str) -> None:
    content, fault = REFUSED[name]
    with pytest.raises(DeckError) as caught:
        decks.pages_of(content)
    assert caught.value.code == fault


TAKEN = {
    "blank": written(blank(20)),
    "begins-at-a-page": with_root("/OpenAction", ArrayObject([NumberObject(0), NameObject("/Fit")])),
    "link-to-the-web": with_annotation(Subtype=NameObject("/Link"), A=action("/URI", URI="https://lukko.example")),
    "by-hand": hand_made(CATALOGUE, PAGES, PAGE),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_plain_deck_is_taken(name: str) -> None:
    assert decks.pages_of(TAKEN[name]) == (20 if name == "blank" else 1)


def test_how_much_too_large_is_told() -> None:
    for content, by in ((b"%PDF-" + b"0" * decks.LARGEST, 5), (written(blank(23)), 3)):
        with pytest.raises(DeckError) as caught:
            decks.pages_of(content)
        assert caught.value.by == by


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("pitch.pdf", "pitch.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\decks\\Pitch (final).PDF", "Pitch (final).pdf"),
        ("a\u202efdp.exe", "a fdp.exe.pdf"),
        ("Ä\r\nSet-Cookie: x.pdf", "Ä Set-Cookie x.pdf"),
        ('"; filename=x.html', "filename x.html.pdf"),
        ("", "deck.pdf"),
        (".pdf", "deck.pdf"),
        ("x" * 300, "x" * 96 + ".pdf"),
    ],
)
def test_names_are_made_harmless(typed: str, safe: str) -> None:
    assert decks.safe_name(typed) == safe


def stream_bomb() -> bytes:
    """A hundred megabytes of spaces in an object stream, in a hundred kilobytes."""
    return in_object_stream(b"4 0     " + b" " * (100 << 20))


def page_bomb() -> bytes:
    """A stream that nobody needs to unpack."""
    stream = StreamObject()
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    stream._data = zlib.compress(b"\0" * (30 << 20), 9)  # noqa: SLF001 - as hostile programs write it
    writer = blank()
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)  # noqa: SLF001 - the same
    return written(writer)


def deep() -> bytes:
    """Arrays in arrays."""
    return hand_made(b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * 200_000 + b"]" * 200_000 + b" >>", PAGES, PAGE)


@pytest.mark.parametrize(
    ("bomb", "fault"),
    [(stream_bomb, Fault.BROKEN), (page_bomb, None), (deep, Fault.BROKEN)],
    ids=["pack", "page", "deep"],
)
async def test_what_swells_ends_within_its_limits(bomb: object, fault: Fault | None) -> None:
    content = bomb() if callable(bomb) else b""
    began = time.monotonic()
    if fault is None:
        assert await looking.pages_of(content) == 1
    else:
        with pytest.raises(DeckError) as caught:
            await looking.pages_of(content)
        assert caught.value.code == fault
    assert time.monotonic() - began < looking.LONGEST_WAIT_S
