"""The tags by which a screen reader finds its way through a PDF, where WeasyPrint leaves them short of PDF/UA-1.

ISO 32000-1, 14.8 (tagged PDF); ISO 14289-1, 7.5 (tables) and 7.6 (lists).
"""

from collections.abc import Iterator
from typing import Any

import pydyf

_PER_PIXEL = 0.75
"""Points of a CSS pixel."""


def mend(pdf: pydyf.PDF) -> None:
    """Puts right the tags of a document that WeasyPrint is about to write."""
    tree = _Tree(pdf)
    for element in tree.elements():
        match element["S"]:
            case "/Div" if tree.parent(element).get("S") == "/L":
                tree.make_entry(element)
            case "/LI":
                tree.give_body(element)
            case "/TH":
                tree.give_scope(element)
            case "/Figure":
                tree.place(element)


class _Tree:
    """The structure elements of a PDF; they name each other by reference, as `b"12 0 R"`."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self._pdf = pdf

    def elements(self) -> Iterator[Any]:
        """Each that there is now, whoever contains another first."""
        objects = self._pdf.objects[:]
        yield from (each for each in objects if isinstance(each, dict) and each.get("Type") == "/StructElem")

    def parent(self, element: Any) -> Any:  # noqa: ANN401 - pydyf has no types
        return self._named(element["P"])

    def make_entry(self, division: Any) -> None:  # noqa: ANN401 - the same
        """One `div` of a `dl`, in which each `dt` and `dd` is an item by itself: one item, the `dt` its label."""
        division["S"] = "/LI"
        for number, part in enumerate(map(self._named, division["K"])):
            part["S"] = "/LBody" if number else "/Lbl"
            for inner in map(self._named, part["K"]):
                inner["S"] = "/NonStruct"

    def give_body(self, item: Any) -> None:  # noqa: ANN401 - the same
        """What is neither the item's label nor its body goes into a body."""
        loose = [each for each in item["K"] if self._named(each)["S"] not in {"/Lbl", "/LBody"}]
        if not loose:
            return
        body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "Pg": item["Pg"], "P": item.reference})
        body["K"] = pydyf.Array(loose)
        self._pdf.add_object(body)
        for each in loose:
            self._named(each)["P"] = body.reference
        item["K"] = pydyf.Array([*(each for each in item["K"] if each not in loose), body.reference])

    def give_scope(self, header: Any) -> None:  # noqa: ANN401 - the same
        """Whether it heads its column or its row; WeasyPrint only says which cells name it."""
        heads_columns = self.parent(self.parent(header))["S"] == "/THead"
        header["A"]["Scope"] = "/Column" if heads_columns else "/Row"

    def place(self, figure: Any) -> None:  # noqa: ANN401 - the same
        """Where it stands, in points from the lower edge; WeasyPrint tells pixels from the upper one."""
        left, upper, right, lower = (each * _PER_PIXEL for each in figure["A"]["BBox"])
        height = self._named(figure["Pg"])["MediaBox"][3]
        figure["A"]["BBox"] = pydyf.Array((left, height - lower, right, height - upper))

    def _named(self, reference: bytes) -> Any:  # noqa: ANN401 - the same
        return self._pdf.objects[int(reference.split()[0])]
