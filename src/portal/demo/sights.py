"""Where to look first."""

from portal.calls.drafts import slug_of
from portal.demo import texts
from portal.demo.cast import LEAD


def slug(of: str) -> str:
    """The address of a call: `finished`, `screening` or `open`."""
    return slug_of(getattr(texts.calls(), of).title["en"])


def pages() -> list[tuple[str, str]]:
    """What each page is, and its path."""
    finished, judged, going_on = (slug(of) for of in ("finished", "screening", "open"))
    return [
        ("the city's figures", f"/en/city/{LEAD}/programme"),
        ("all calls", "/en/calls"),
        ("the open call", f"/en/call/{going_on}"),
        ("results of the finished one", f"/en/call/{finished}/results"),
        ("its gallery", f"/en/call/{finished}/gallery"),
        ("organiser: the jury reads", f"/en/city/{LEAD}/call/{judged}"),
        ("organiser: how it was decided", f"/en/city/{LEAD}/call/{finished}/ranking"),
        ("juror (New York): to read", f"/en/city/new-york/jury/{judged}"),
        ("the chair's meeting", f"/en/city/{LEAD}/jury/{finished}/meeting"),
    ]
