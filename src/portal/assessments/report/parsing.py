"""A report's HTML as a tree. WeasyPrint's own parser knows broken pages and takes eight times as long."""

from html.parser import HTMLParser
from xml.etree import ElementTree as ET

_VOID = {"br", "img", "meta", "wbr"}
"""Elements without an end (HTML Living Standard, 13.1.2)."""
_SVG = "{http://www.w3.org/2000/svg}"
_MIXED_CASE = {
    name.lower(): name
    for name in (
        "gradientTransform",
        "gradientUnits",
        "patternTransform",
        "patternUnits",
        "preserveAspectRatio",
        "viewBox",
    )
}
"""Attributes of drawings whose capitals count; HTML's own have none."""


class _Reader(HTMLParser):
    """Builds what our templates write: every element that is begun is ended in its turn, none is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tree = ET.TreeBuilder()
        self._space = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins; one that has no content also ends."""
        if tag == "svg":
            self._space = _SVG
        self.tree.start(self._space + tag, {_MIXED_CASE.get(name, name): value or "" for name, value in attrs})
        if tag in _VOID:
            self.tree.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of a drawing that says itself that it is empty."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """The innermost element ends."""
        self.tree.end(self._space + tag)
        if tag == "svg":
            self._space = ""

    def handle_data(self, data: str) -> None:
        """Text, its character references resolved."""
        self.tree.data(data)


def parse(html: str) -> ET.Element:
    """The tree of a page of ours, with line ends and NUL as HTML reads them (Living Standard, 13.2.3.5)."""
    reader = _Reader()
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"))
    reader.close()
    root: ET.Element = reader.tree.close()
    return root
