"""Eurostat's download made into figures, in both of its forms."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from portal.assessments.context import eurostat
from portal.errors import ContextError

DAY = date(2026, 11, 23)
TABLE = """freq,size_emp,nace_r2,indic_is,unit,geo\\TIME_PERIOD\t2019 \t2022 \t2024\x20
A,10-49,C10-S951_X_K,E_SECMDUO,PC_ENT,FI\t:\t58.31 b\t61.5\x20
A,GE10,C10-S951_X_K,E_SECMDUO,PC_ENT,FI\t:\t64.2 \t: c
A,GE10,C10-S951_X_K,E_SECMKSUD,PC_ENT,FI\t94 \t: \t:\x20
A,GE10,C10-S951_X_K,E_SECMLOG,PC_ENT,EU27_2020\t43.1 \t44.0 \t45.16 u
A,50-249,C10-S951_X_K,E_SECMLOG,PC_ENT,EU27_2020\t43.1 d\t: \t:\x20
A,GE250,C10-S951_X_K,E_SECMLOG,PC_ENT,EU27_2020\t80 \t81 \t82\x20
A,2-9,C10-S951_X_K,E_SECMOSBU,PC_ENT,FI\t:\t55 ep\t:
A,GE10,C10-S951_X_K,E_SECMOSBU,PC_ENT_IUSE,FI\t1 \t1 \t1\x20
A,GE10,C10-S951_X_K,E_SECMOSBU,PC_ENT,SE\t1 \t1 \t1\x20
A,GE10,J62_J63,E_SECMOSBU,PC_ENT,FI\t1 \t1 \t1\x20
A,GE10,C10-S951_X_K,E_SECMVPN,PC_ENT,FI\t1 \t1 \t1\x20
"""
"""In the form that the bulk download has; the figures are made up for this test."""
LINES = """DATAFLOW,LAST UPDATE,freq,size_emp,nace_r2,indic_is,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS
ESTAT:ISOC_CISCE_RA(1.0),09/12/24 11:00:00,A,10-49,C10-S951_X_K,E_SECMDUO,PC_ENT,FI,2022,58.31,b,
ESTAT:ISOC_CISCE_RA(1.0),09/12/24 11:00:00,A,10-49,C10-S951_X_K,E_SECMDUO,PC_ENT,FI,2024,61.5,,
ESTAT:ISOC_CISCE_RA(1.0),09/12/24 11:00:00,A,GE10,C10-S951_X_K,E_SECMDUO,PC_ENT,FI,2022,64.2,,
ESTAT:ISOC_CISCE_RA(1.0),09/12/24 11:00:00,A,GE10,C10-S951_X_K,E_SECMDUO,PC_ENT,FI,2024,,,C
ESTAT:ISOC_CISCE_RA(1.0),09/12/24 11:00:00,A,GE10,C10-S951_X_K,E_SECMKSUD,PC_ENT,FI,2019,94,,
ESTAT:ISOC_CISCE_RA(1.0),09/12/24 11:00:00,A,GE10,C10-S951_X_K,E_SECMLOG,PC_ENT,EU27_2020,2022,44.0,,
ESTAT:ISOC_CISCE_RA(1.0),09/12/24 11:00:00,A,GE10,C10-S951_X_K,E_SECMLOG,PC_ENT,EU27_2020,2024,45.16,u,
ESTAT:ISOC_CISCE_RA(1.0),09/12/24 11:00:00,A,2-9,C10-S951_X_K,E_SECMOSBU,PC_ENT,FI,2022,55,ep,
"""
FOUND = [
    ("backup-elsewhere", 55, "2-9", "fi", 2022),
    ("logs", 44.0, "10+", "eu", 2022),
    ("two-step-sign-in", 61.5, "10-49", "fi", 2024),
    ("two-step-sign-in", 64.2, "10+", "fi", 2022),
    ("up-to-date", 94, "10+", "fi", 2019),
]
"""The newest that can be relied on; other sizes, countries, activities, units and measures stay out."""


def read(file: Path) -> list[tuple[str, float, str, str, int]]:
    figures = eurostat.read(file, DAY)
    assert {figure.fetched for figure in figures} == {DAY}
    return sorted((each.measure, each.share_percent, each.size, each.country, each.year) for each in figures)


@pytest.mark.parametrize("text", [TABLE, TABLE.replace("\n", "\r\n"), "\ufeff" + TABLE, LINES])
@pytest.mark.parametrize("packed", [False, True])
def test_newest_reliable_figures_are_taken(tmp_path: Path, text: str, packed: bool) -> None:  # noqa: FBT001 - a case
    file = tmp_path / "download"
    raw = text.encode()
    file.write_bytes(gzip.compress(raw) if packed else raw)
    assert read(file) == sorted(FOUND)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>Not found</html>",
        b"freq,size_emp,nace_r2,indic_is,unit,geo\\TIME_PERIOD\t2024 \n",
        b"freq,unit,geo\\TIME_PERIOD\t2024 \nA,PC_ENT,FI\t4 \n",
        b"freq,size_emp,nace_r2,indic_is,unit,geo,TIME_PERIOD,OBS_VALUE\nA,10-49\n",
        b"\xff\xfe\x00f",
        gzip.compress(TABLE.encode())[:60],
        b"\x1f\x8bnothing of the kind",
    ],
)
def test_what_is_no_such_download_is_refused_in_one_line(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "download"
    file.write_bytes(raw)
    with pytest.raises(ContextError) as refused:
        eurostat.read(file, DAY)
    assert str(refused.value).startswith(f"{file}: ")
    assert "\n" not in str(refused.value)
