"""Tables as spreadsheets, people and worse write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.errors import ChallengeError, RowError, TableError
from challenge.ranking.reading import read_scores
from challenge.ranking.result import Score
from challenge.rows import LARGEST, read_table

TWO = [Score("a", "j", 80.0), Score("b", "j", 7.5)]


@pytest.mark.parametrize(
    "raw",
    [
        b"entry,juror,score\na,j,80\nb,j,7.5\n",
        b"entry,juror,score\r\na,j,80\r\nb,j,7.5\r\n",
        b"\xef\xbb\xbfentry,juror,score\na,j,80\nb,j,7.5",
        b"score,entry,juror\n80,a,j\n7.5,b,j\n",
        b"Juror, Score ,remark,ENTRY\nj,80,good,a\nj, +7.50 ,, b \n",
        b"\n\nentry,juror,score\n\na,j,8e1\n,,\n b ,j,.75e1\n\n",
        b'"entry","juror","score"\n"a","j","80"\n"b","j","7.5"\n',
    ],
)
def test_the_same_table_in_many_forms(raw: bytes) -> None:
    assert read_scores(raw) == TWO


def test_what_looks_like_a_formula_is_text() -> None:
    raw = b"entry,juror,score\n=1+1,@SUM(A1),50\n-2,+3,0\n007,0,100\n"
    assert [(each.entry, each.juror) for each in read_scores(raw)] == [("=1+1", "@SUM(A1)"), ("-2", "+3"), ("007", "0")]


def test_an_id_may_have_commas_quotation_marks_and_any_letters() -> None:
    raw = 'entry,juror,score\n"Ström, Öst ""AB""",審査員,50\n"two\nlines",j,50\n'.encode()
    assert [each.entry for each in read_scores(raw)] == ['Ström, Öst "AB"', "two\nlines"]


@pytest.mark.parametrize(
    ("rows", "row", "reason"),
    [
        (b"a,j,80\na,j,81", 3, "the juror j scores the entry a a second time"),
        (b"a,j,80\n\nb,j,eighty", 4, "the score eighty is not a number"),
        (b"a,j,nan", 2, "the score nan is not a number"),
        (b"a,j,inf", 2, "the score inf is not a number"),
        (b"a,j,1_0", 2, "the score 1_0 is not a number"),
        (b'a,j,"7,5"', 2, "the score 7,5 is not a number"),
        ("a,j,٣".encode(), 2, "the score ٣ is not a number"),
        (b"a,j,0x10", 2, "the score 0x10 is not a number"),
        (b"a,j,1e999", 2, "the score 1e999 is not a number"),
        (b"a,j,100.5", 2, "the score 100.5 is not from 0 to 100"),
        (b"a,j,-1", 2, "the score -1 is not from 0 to 100"),
        (b"a,j,", 2, "the column score is empty"),
        (b",j,5", 2, "the column entry is empty"),
        (b"a,  ,5", 2, "the column juror is empty"),
        (b"a,j", 2, "it has 2 cells and the header 3"),
        (b"a,j,5,6", 2, "it has 4 cells and the header 3"),
        (b"a,j,5\n" + b"x" * 201 + b",j,5", 3, "what stands under entry is longer than 200 characters"),
        (b'a,j,5\n"b,j,5\n', 3, "it cannot be read (unexpected end of data)"),
        (b'a,j,5\n"b"c,j,5\n', 3, "it cannot be read (',' expected after '\"')"),
    ],
)
def test_a_bad_row_is_named(rows: bytes, row: int, reason: str) -> None:
    with pytest.raises(RowError) as refused:
        read_scores(b"entry,juror,score\n" + rows)
    assert (refused.value.row, refused.value.reason) == (row, reason)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf\n \n", "it is empty"),
        (b"entry,juror,score\n", "it has no rows below its header"),
        (
            b"entry,juror\na,j",
            "its first row does not name the column score (needed: entry, juror, score, parted by commas)",
        ),
        (b"entry;juror;score\na;j;5", "its first row does not name the column entry"),
        (b"a,j,5\n", "its first row does not name the column entry"),
        (b"entry,juror,score,Score\na,j,5,6", "its first row names the column score twice"),
        (b"entry,juror,score\n\xe4,j,5", "it is not text in UTF-8"),
        ("entry,juror,score\na,j,5".encode("utf-16"), "it is not text in UTF-8"),
        (b"x" * (LARGEST + 1), "it is larger than 10 MB"),
        (b"entry,juror,score\n" + b"".join(b"e%d,j,5\n" % i for i in range(2001)), "there are 2001 entries"),
    ],
    ids=lambda value: None if isinstance(value, str) else "raw",
)
def test_a_table_that_cannot_be_used_says_why(raw: bytes, reason: str) -> None:
    with pytest.raises(TableError) as refused:
        read_scores(raw)
    assert refused.value.reason.startswith(reason)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"entry,juror,score\n{text}".encode()))
def test_whatever_stands_there_is_read_or_refused(raw: bytes) -> None:
    try:
        assert read_scores(raw)
    except ChallengeError as error:
        assert str(error)  # noqa: PT017 - either way is right


def test_a_table_may_be_allowed_to_be_empty() -> None:
    assert read_table(b"entry,juror\n", ("entry", "juror"), may_be_empty=True) == []
