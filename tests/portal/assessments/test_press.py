"""Reports printed in processes of their own, within a time and a size."""

import subprocess
import sys

import psutil
import pytest

from portal.assessments.report.press import print_apart
from portal.assessments.report.writing import render_html
from portal.errors import ReportError
from portal.settings import ROOT
from tests.portal.assessments.reporting import of_domain

LONG = "<!doctype html><html lang='en'><title>long</title><table>" + "<tr><td>a</td></tr>" * 20_000
"""It takes minutes and more than a gigabyte."""


ORPHAN = """
from portal.assessments.report.press import print_apart
from tests.portal.assessments.test_press import LONG
if __name__ == "__main__":
    print_apart("<!doctype html><html lang='en'><title>a</title><p>a")
    print("warm", flush=True)
    print_apart(LONG)
"""


def presses() -> list[psutil.Process]:
    """The processes of reports that are under way: grandchildren of ours."""
    return [each for child in psutil.Process().children() for each in child.children()]


def test_a_report_is_printed_apart_and_leaves_no_process() -> None:
    assert print_apart(render_html(of_domain())).startswith(b"%PDF-")
    assert presses() == []


def test_a_report_that_takes_too_long_is_ended() -> None:
    with pytest.raises(ReportError, match="too-long"):
        print_apart(LONG, seconds=1)
    assert presses() == []


def test_a_report_that_grows_too_large_is_ended() -> None:
    with pytest.raises(ReportError, match="too-large"):
        print_apart(LONG, megabytes=100)
    assert presses() == []


def test_a_report_that_is_none_is_told_as_broken_and_the_next_is_printed() -> None:
    with pytest.raises(ReportError, match=r"broken: .*Error"):
        print_apart(None)  # type: ignore[arg-type]
    assert print_apart("<!doctype html><html lang='en'><title>next</title><p>next").startswith(b"%PDF-")


def test_a_report_ends_with_its_killed_worker() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHAN], cwd=ROOT, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        while len(left := psutil.Process(worker.pid).children(recursive=True)) < 3:
            assert worker.poll() is None
        worker.kill()
    gone, alive = psutil.wait_procs(left, timeout=8)
    assert alive == []
    assert len(gone) == 3
