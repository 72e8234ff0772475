"""Our own script does nothing with which a text could become code, and keeps nothing (ASVS 5.0, V3.2.2 and V14.3.3)."""

import re

import httpx
import pytest

from portal.templating import STATIC

SCRIPT = (STATIC / "portal.js").read_text()
DANGEROUS = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", 'setTimeout("',
    "postMessage", 'addEventListener("message"', "localStorage", "sessionStorage", "indexedDB", "document.cookie",
    "__proto__", "Object.assign", "XMLHttpRequest", "fetch(", "import(", "javascript:",
)  # fmt: skip


@pytest.mark.parametrize("word", DANGEROUS)
def test_our_script_does_without(word: str) -> None:
    assert word not in SCRIPT


@pytest.mark.parametrize("path", ["/en", "/en/now", "/en/nothing"])
async def test_what_we_took_along_neither_runs_texts_nor_keeps_pages(browser: httpx.AsyncClient, path: str) -> None:
    page = (await browser.get(path)).text
    said = re.search(r"name=\"htmx-config\" content='([^']+)'", page)
    assert said is not None
    for setting in ('"allowEval": false', '"selfRequestsOnly": true', '"historyCacheSize": 0'):
        assert setting in said[1]
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son[a-z]+=|\sstyle=", page)
