"""Affordable help: whole, for whom it is, and gone on the day on which it ends."""

from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from msgspec.structs import replace

from portal.assessments.help import HERE, all_entries, help_for, read
from portal.assessments.report.writing import render_html
from portal.errors import HelpError
from tests.portal.assessments.reporting import BEGAN, worst

TODAY = BEGAN.date()
FINNISH = {"country": "fi", "sector": "food", "size": "2-9"}


def test_every_entry_is_told_from_its_check_until_the_day_before_it_ends() -> None:
    for entry in all_entries():
        profile = {"country": (*entry.countries, "fi")[0]}
        assert entry in help_for(profile, entry.checked)
        assert entry in help_for(profile, entry.ends - timedelta(days=1))
        assert entry not in help_for(profile, entry.ends)
        assert entry not in help_for(profile, entry.ends + timedelta(days=400))
        assert entry not in help_for(profile, entry.checked - timedelta(days=1))


def test_an_ended_entry_is_never_printed() -> None:
    last = max(entry.ends for entry in all_entries())
    report = worst("en")
    now, then = render_html(report), render_html(replace(report, made_at=BEGAN + (last - TODAY)))
    for entry in help_for(FINNISH, TODAY):
        assert entry.title["en"] in unescape(now)
        assert entry.title["en"] not in unescape(then)
    assert "We know of none yet" in then


def test_help_is_for_the_firm_s_country() -> None:
    assert {entry.countries for entry in help_for(FINNISH, TODAY)} == {("fi",)}
    assert {entry.countries for entry in help_for({"country": "us-ny"}, TODAY)} == {("us-ny",)}
    assert help_for({"country": "other"}, TODAY) == ()


WHOLE = (HERE / "entries.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("ends = 2027-05-31", "ends = 2028-05-31"),
        ("ends = 2027-05-31", "ends = 2026-05-31"),
        ('kind = "advice"', 'kind = "rumour"'),
        ('countries = ["fi"]', 'countries = ["atlantis"]'),
        ('source = "https://', 'source = "http://'),
        ('signed_off_by = "The Kyberkunto project"', 'signed_off_by = " "'),
        ('id = "ncsc-fi-report"', 'id = "sba-ransomware"'),
        ("what.sv", "what.se"),
        ("checked = 2026-11-23", ""),
    ],
)
def test_an_incomplete_entry_is_refused(tmp_path: Path, there: str, instead: str) -> None:
    broken = tmp_path / "entries.toml"
    assert there in WHOLE
    broken.write_text(WHOLE.replace(there, instead, 1), encoding="utf-8")
    with pytest.raises(HelpError):
        read(broken)
