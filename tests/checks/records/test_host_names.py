import pytest

from checks.records.host_names import covers


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (["good.test"], "good.test"),
        (["other.test", "www.good.test"], "www.good.test"),
        (["*.good.test"], "www.good.test"),
        (["xn--kahvila--u4a.test"], "xn--kahvila--u4a.test"),
    ],
)
def test_covered(names: list[str], host: str) -> None:
    assert covers(names, host)


@pytest.mark.parametrize(
    ("names", "host"),
    [
        ([], "good.test"),
        (["good.test"], "www.good.test"),
        (["*.good.test"], "good.test"),
        (["*.good.test"], "a.www.good.test"),
        (["w*.good.test"], "www.good.test"),
        (["www.*.test"], "www.good.test"),
        (["*"], "good"),
        (["*."], "good"),
        (["*"], "good.test"),
    ],
)
def test_not_covered(names: list[str], host: str) -> None:
    assert not covers(names, host)
