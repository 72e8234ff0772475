"""What can be told of a page of HTML without being a browser."""

import re
from collections.abc import Iterator

# The bounds keep the search linear, whatever a page is made of.
_REFRESH = re.compile(rb"<meta\s[^>]{0,200}?http-equiv\s{0,9}=\s{0,9}[\"']?refresh[^>]{0,200}?https://")
_MOVE = re.compile(
    rb"location(?:\.(?:href|protocol))?\s{0,9}=(?!=)[^;=]{0,120}?https:"
    rb"|location\.(?:replace|assign)\s{0,9}\([^;]{0,120}?https:"
)


def leads_to_https(page: bytes) -> bool:
    """Whether the page itself seems to send its reader on to https, by a refresh or a script.

    Only a browser could be sure; that it seems so is reason enough not to call the site an open one.
    """
    text = page.lower()
    return bool(_REFRESH.search(text)) or any(_MOVE.search(script) for script in _scripts(text))


def _scripts(text: bytes) -> Iterator[bytes]:
    begin = text.find(b"<script")
    while begin >= 0:
        end = text.find(b"</script", begin)
        yield text[begin : end if end >= 0 else len(text)]
        begin = text.find(b"<script", end) if end >= 0 else -1
