"""The content of an HTTP/1.1 response (RFC 9112, sections 6 and 7), as far as it came."""

from checks.evidence.web import HttpAnswer

MAX_SIZE_DIGITS = 8
_HEX = set(b"0123456789abcdefABCDEF")


def content(answer: HttpAnswer) -> bytes | None:
    """The page as its author wrote it. None where it is not all there, or is coded in a way that we did not ask for.

    A page without a length ends where the connection does, which cannot be told from an early end.
    """
    if any(coding.strip().lower() not in {"", "identity"} for coding in answer.values("content-encoding")):
        return None
    transfer = ",".join(answer.values("transfer-encoding")).strip().lower()
    if transfer:
        return _joined(answer.page) if transfer == "chunked" else None
    lengths = set(answer.values("content-length"))
    if not lengths:
        return answer.page
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdigit()) or len(length) > len(str(len(answer.page))):
        return None
    return answer.page[: int(length)] if int(length) <= len(answer.page) else None


def _joined(data: bytes) -> bytes | None:
    """The chunks in one piece; None where the last one is missing."""
    whole = b""
    while True:
        line, found, data = data.partition(b"\r\n")
        size = line.partition(b";")[0].strip()
        if not found or not size or len(size) > MAX_SIZE_DIGITS or set(size) - _HEX:
            return None
        length = int(size, 16)
        if length == 0:
            return whole
        if data[length : length + 2] != b"\r\n":
            return None
        whole, data = whole + data[:length], data[length + 2 :]
