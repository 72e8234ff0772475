"""A file as an answer: its name in whatever letters, and never anything that a browser shows as a page."""

from urllib.parse import quote

from litestar import Response


def download(content: bytes, media_type: str, name: str, plain_name: str) -> Response[bytes]:
    """A file to keep, called `name`; `plain_name` is that name in ASCII (RFC 6266, section 4.3; RFC 8187)."""
    disposition = f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"content-disposition": disposition})
