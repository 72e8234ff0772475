"""Texts on their way into a spreadsheet or a calendar."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exports.texts import file_name, harmless, pieces, readable


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+358 40", "'+358 40"),
        ("-all", "'-all"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("\t=1", "'\t'=1"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠SUM", "'＠SUM"),
        ("﹦1", "'﹦1"),
        ("−1", "'−1"),
        (" =1", " '=1"),
        ("\u200b=1", "\u200b'=1"),
        ("\ufeff\u202e=1", "\ufeff\u202e'=1"),
        ('"=1', "\"'=1"),
        ("a;=1", "a;'=1"),
        ("a,=1", "a,'=1"),
        ("a；＝1", "a；'＝1"),
        ("a\n=1", "a\n'=1"),
        ('a";"=1', 'a";"\'=1'),
        ("v=DMARC1; p=none; rua=mailto:a@b.fi", "v=DMARC1; p=none; rua=mailto:a@b.fi"),
        ("v=spf1 include:x.fi -all", "v=spf1 include:x.fi -all"),
        ("kahvila-ö.fi", "kahvila-ö.fi"),
        ("", ""),
    ],
)
def test_no_cell_begins_like_a_formula(text: str, written: str) -> None:
    assert harmless(text) == written


@pytest.mark.parametrize(
    "program", ['=cmd|"/C calc"!A0', '=HYPERLINK("http://x.fi?"&A1)', '@SUM(1+1)*cmd|" /C calc"!A0', '=IMPORTXML("x")']
)
@pytest.mark.parametrize("before", ["", " ", "\t", "\r\n", "x;", "x,", 'x";', "\u00a0", "\u200d", "\u2066", "\ue000"])
def test_known_attacks_begin_no_cell_however_a_file_is_parted(program: str, before: str) -> None:
    for cell in re.split(r"[;,\t\r\n|]", harmless(before + program)):
        assert not re.match(r"[\s\"\u200d\u2066\ue000]*[=@]", cell)


@given(st.text())
def test_what_is_harmless_reads_as_it_was(text: str) -> None:
    assert harmless(text).replace("'", "") == readable(text).replace("'", "")


@given(st.text(st.characters()), st.integers(2, 9))
def test_pieces_are_the_whole_and_none_is_too_long(text: str, longest: int) -> None:
    parts = list(pieces(text, longest))
    assert "".join(parts) == text
    assert all(len(part.encode("utf-16-le", "surrogatepass")) <= 2 * longest for part in parts)


def test_control_characters_and_halves_of_letters_are_shown_as_unreadable() -> None:
    assert readable("a\x00\x1b[31m\ud800\x9b\ufffe") == "a\ufffd\ufffd[31m\ufffd\ufffd\ufffd"
    assert readable("a\tb\r\n\u202e\u200b😀") == "a\tb\r\n\u202e\u200b😀"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("kahvila-ö.fi", "kahvila-ö.fi"),
        ("../../etc/passwd", "etc-passwd"),
        ('a"b\r\nc: d', "a-b--c--d"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", ""),
    ],
)
def test_file_name_holds_nothing_that_a_system_would_understand(name: str, kept: str) -> None:
    assert file_name(name) == kept
