"""A report's HTML as our own parser reads it: no other tree than that of the HTML standard's parser."""

from typing import Any

import pytest
import tinyhtml5

from portal.assessments.report.parsing import parse
from portal.assessments.report.writing import render_html
from tests.portal.assessments.findings import NO_DMARC, ONE_NAME_SERVER, with_snippet
from tests.portal.assessments.reporting import inspected, of_domain, worst

STRANGE = "<b>x</b> &amp; &#0;&lt; ]]><!-- 'a' \"b\" </li> é\u202e\U0001f600 a\r\nb"


def told(element: Any) -> tuple[object, ...]:  # noqa: ANN401 - the tree of either
    """An element as values, but for the line ends around head and body, which the standard's parser drops or moves."""
    text, tail = ((part or "") for part in (element.text, element.tail))
    text = text.strip() if element.tag in {"html", "head"} else text
    tail = tail.strip() if element.tag in {"head", "body"} else tail
    return element.tag, dict(element.attrib), text, tail, [told(inner) for inner in element]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_tree_is_that_of_the_standard_s_parser(language: str) -> None:
    html = render_html(worst(language, inspected(with_snippet(NO_DMARC, STRANGE), ONE_NAME_SERVER)))
    html = html.replace("</body>\n</html>", "</body></html>")
    assert told(parse(html)) == told(tinyhtml5.parse(html, namespace_html_elements=False))


def test_strange_text_is_kept_and_makes_no_element() -> None:
    html = render_html(of_domain("en", with_snippet(NO_DMARC, STRANGE)))
    harmless = render_html(of_domain("en", with_snippet(NO_DMARC, "x")))
    assert STRANGE.replace("\r\n", "\n") in "".join(parse(html).itertext())
    assert [each.tag for each in parse(html).iter()] == [each.tag for each in parse(harmless).iter()]
