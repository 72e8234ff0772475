"""The content of an HTTP/1.1 response (RFC 9112, sections 6 and 7), as far as it came."""

from checks.evidence.web import HttpAnswer

MAX_SIZE_DIGITS = 8
_HEX = set(b"0123456789abcdefABCDEF")


def content(answer: HttpAnswer) -> bytes | None:
    """The page as its author wrote it. None where it is not all there, or is coded in a way that we did not ask for.

    A page without a length ends where the connection does, which cannot be told from an early end by the server.
    """
    decoded = _decoded(answer)
    return decoded[0] if decoded and decoded[1] else None


def beginning(answer: HttpAnswer) -> bytes | None:
    """What came of the page, be it not all of it. None where it is coded in a way that we did not ask for."""
    decoded = _decoded(answer)
    return decoded[0] if decoded else None


def says_its_end(answer: HttpAnswer) -> bool:
    """Whether the page is all there by its own length, so that there is no need to wait for the connection's end."""
    if answer.values("transfer-encoding"):
        return answer.page.endswith(b"\r\n\r\n") and content(answer) is not None
    length = _length(answer)
    return length is not None and len(answer.page) >= length


def _decoded(answer: HttpAnswer) -> tuple[bytes, bool] | None:
    """What came, and whether it is all; None for a coding that we do not know."""
    if any(coding.strip().lower() not in {"", "identity"} for coding in answer.values("content-encoding")):
        return None
    transfer = ",".join(answer.values("transfer-encoding")).strip().lower()
    if transfer:
        return _joined(answer.page) if transfer == "chunked" else None
    if not answer.values("content-length"):
        return answer.page, not answer.cut_off
    length = _length(answer)
    return (answer.page, False) if length is None else (answer.page[:length], length <= len(answer.page))


def _length(answer: HttpAnswer) -> int | None:
    """What Content-Length says; the same number several times is one (RFC 9110, section 8.6)."""
    said = {part.strip() for value in answer.values("content-length") for part in value.split(",")}
    text = said.pop() if len(said) == 1 else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_SIZE_DIGITS + 1 else None


def _joined(data: bytes) -> tuple[bytes, bool]:
    """The chunks in one piece, as far as they came, and whether the last one did."""
    pieces: list[bytes] = []
    at = 0
    while True:
        line_end = data.find(b"\r\n", at)
        size = data[at : max(line_end, at)].partition(b";")[0].strip()
        if not size or len(size) > MAX_SIZE_DIGITS or set(size) - _HEX:
            return b"".join(pieces), False
        length, begin = int(size, 16), line_end + 2
        if length == 0:
            return b"".join(pieces), True
        at = begin + length + 2
        pieces.append(data[begin : begin + length])
        if data[begin + length : at] != b"\r\n":
            return b"".join(pieces), False
