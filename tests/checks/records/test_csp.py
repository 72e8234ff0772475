import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.records.csp import Gap, Policy, gaps, parse


def gaps_of(*headers: str) -> dict[str, str]:
    return dict(gaps(policy for header in headers for policy in parse(header)))


EVERY_GAP = dict.fromkeys(Gap, "")


@pytest.mark.parametrize(
    ("header", "directives"),
    [
        ("default-src 'self'", {"default-src": ("'self'",)}),
        (" Default-SRC\t'self'  https://a.test ;; ", {"default-src": ("'self'", "https://a.test")}),
        ("script-src a; SCRIPT-SRC b", {"script-src": ("a",)}),
        ("script-src ä; img-src b", {"img-src": ("b",)}),
        ("upgrade-insecure-requests", {"upgrade-insecure-requests": ()}),
    ],
)
def test_policy(header: str, directives: dict[str, tuple[str, ...]]) -> None:
    assert parse(header) == (Policy(directives),)


def test_header_may_hold_several_policies_and_empty_ones_are_none() -> None:
    assert [*map(len, (parse("default-src a, script-src b"), parse(""), parse(" ; , ;")))] == [2, 0, 0]


def test_policy_in_the_page_says_nothing_of_frames() -> None:
    assert parse("frame-ancestors 'none'; sandbox", in_page=True) == ()
    assert parse("img-src a, b", in_page=True) == (Policy({"img-src": ("a,", "b")}),)


@pytest.mark.parametrize(
    "header",
    [
        "default-src 'self'",
        "default-src 'none'",
        "script-src",
        "script-src self",
        "script-src 'self' https://*.cdn.test:443 blob: 'unsafe-eval'",
        "default-src *; script-src 'self'",
        "script-src 'nonce-YWJj' 'unsafe-inline'",
        "script-src 'sha256-YWJj=' 'unsafe-inline'",
        "script-src 'strict-dynamic' 'nonce-YWJj' 'unsafe-inline' https: http: * data:",
        "SCRIPT-SRC 'SELF'; object-src *",
    ],
)
def test_no_gap(header: str) -> None:
    assert gaps_of(header) == {}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "script-src 'self' 'UNSAFE-inline'",
            {Gap.INLINE: "script-src 'unsafe-inline'", Gap.HANDLER: "script-src 'unsafe-inline'"},
        ),
        (
            "default-src 'unsafe-inline' 'nonce-'",
            {Gap.INLINE: "default-src 'unsafe-inline'", Gap.HANDLER: "default-src 'unsafe-inline'"},
        ),
        ("default-src *", {Gap.ANYWHERE: "default-src *"}),
        ("script-src 'self' https:", {Gap.ANYWHERE: "script-src https:"}),
        ("script-src http://*", {Gap.ANYWHERE: "script-src http://*"}),
        ("script-src *:*", {Gap.ANYWHERE: "script-src *:*"}),
        ("script-src 'self' data:", {Gap.DATA: "script-src data:"}),
        ("script-src 'nonce-YWJj' https:", {Gap.ANYWHERE: "script-src https:"}),
        ("script-src 'self'; script-src-attr 'unsafe-inline'", {Gap.HANDLER: "script-src-attr 'unsafe-inline'"}),
        ("script-src 'self'; script-src-elem *", {Gap.ANYWHERE: "script-src-elem *"}),
        ("script-src-elem 'self'", {Gap.HANDLER: ""}),
    ],
)
def test_gap_names_its_rule(header: str, expected: dict[Gap, str]) -> None:
    assert gaps_of(header) == expected


@pytest.mark.parametrize("header", ["", "img-src 'self'", "frame-ancestors 'self'; upgrade-insecure-requests"])
def test_policy_that_says_nothing_of_scripts_keeps_nothing_out(header: str) -> None:
    assert gaps_of(header) == EVERY_GAP


def test_policies_apply_together_and_the_strictest_counts() -> None:
    assert gaps_of("script-src 'self' 'unsafe-inline'", "script-src 'nonce-YWJj' https:") == {}
    assert gaps_of("script-src *", "img-src 'self'") == {Gap.ANYWHERE: "script-src *"}
    assert gaps_of("img-src 'self'", "script-src data:, default-src data:") == {Gap.DATA: "script-src data:"}


@pytest.mark.parametrize(
    ("header", "lacks"),
    [
        ("script-src 'self'", ("object-src", "base-uri")),
        ("default-src 'self'", ("base-uri",)),
        ("default-src 'self'; base-uri 'none'", ()),
    ],
)
def test_what_is_still_lacking(header: str, lacks: tuple[str, ...]) -> None:
    assert parse(header)[0].lacks == lacks


@pytest.mark.parametrize(
    ("header", "anyone"),
    [
        ("default-src 'none'", None),
        ("frame-ancestors", False),
        ("frame-ancestors 'none'", False),
        ("frame-ancestors 'self' https://partner.test", False),
        ("frame-ancestors 'self' *", True),
        ("frame-ancestors HTTPS:", True),
    ],
)
def test_who_may_frame_the_page(header: str, anyone: object) -> None:
    assert parse(header)[0].framing is anyone


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert set(gaps_of(text)) <= set(Gap)
