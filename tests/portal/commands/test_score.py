"""`kyberkunto questionnaire` and `score` with the real questionnaire."""

import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from checks.contract import Finding
from checks.document import document
from portal import cli
from portal.assessments.catalogue import DONT_KNOW, NOT_APPLICABLE, Kind, Question, current
from portal.assessments.sheets.sheet import shown
from portal.commands.score_input import LARGEST
from tests.portal.assessments.findings import made

CATALOGUE = current()
EVERYTHING = {question.id: question.answers[0].id for question in CATALOGUE.profile} | {
    key: values[0] for question in CATALOGUE.questions for key, values in question.shown_if.items()
}
OPEN = made("ports.remote_desktop", "open", services="RDP", address="198.18.0.9", ports="3389")
PROFILES: list[dict[str, str]] = [{}, EVERYTHING]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process: its exit code, what it printed, and what it complained about."""

    def ran(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(each) for each in arguments])
        return code, *capsys.readouterr()

    return ran


def graded(question: Question) -> list[str]:
    return [answer.id for answer in question.answers if answer.kind is Kind.GRADED]


def answered(how: Callable[[Question], str], profile: dict[str, str]) -> dict[str, Any]:
    answers = {question.id: how(question) for question in CATALOGUE.questions}
    return {"version": CATALOGUE.version, "profile": profile, "answers": answers}


def best(question: Question) -> str:
    return graded(question)[-1]


def worst(question: Question) -> str:
    return graded(question)[0]


def unsure(_question: Question) -> str:
    return DONT_KNOW


def kept(folder: Path, content: object, name: str = "answers.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def check_of(*findings: Finding, domain: str = "kahvila.test") -> dict[str, Any]:
    started = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    return document(domain, findings, started_at=started, duration_s=1.0, catalogue_version="1")


def scored(run: Run, *arguments: object) -> dict[str, Any]:
    code, out, err = run("score", *arguments, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    assert set(found) == {"score", "topics", "critical_gaps", "plan", "find_out", "contradictions"}
    return found


def gained(found: dict[str, Any]) -> float:
    return sum(step["gain"] for step in found["plan"])


@pytest.mark.parametrize("profile", PROFILES, ids=["bare", "everything"])
def test_all_best_leaves_nothing_to_do(run: Run, tmp_path: Path, profile: dict[str, str]) -> None:
    found = scored(run, kept(tmp_path, answered(best, profile)))
    assert found["score"] == {"low": 100.0, "high": 100.0}
    assert (found["plan"], found["find_out"], found["critical_gaps"]) == ([], [], [])
    assert [topic["id"] for topic in found["topics"]] == [topic.id for topic in CATALOGUE.topics]


@pytest.mark.parametrize("profile", PROFILES, ids=["bare", "everything"])
def test_all_worst_names_every_gap_and_mends_all(run: Run, tmp_path: Path, profile: dict[str, str]) -> None:
    path = kept(tmp_path, answered(worst, profile))
    found = scored(run, path)
    assert found["score"] == {"low": 0.0, "high": 0.0}
    assert found["critical_gaps"] == [each.id for each in shown(CATALOGUE, profile) if each.critical]
    assert len(found["plan"]) >= 20
    assert gained(found) == pytest.approx(100)
    free = scored(run, path, "--budget-eur", "0", "--hours", "8")
    assert gained(free) >= gained(found) / 4
    assert sum(step["minutes"] for step in free["plan"]) <= 480
    assert all(step["cost_eur"][0] == 0 for step in free["plan"])


@pytest.mark.parametrize("profile", PROFILES, ids=["bare", "everything"])
def test_all_unknown_is_the_widest_interval_with_everything_to_find_out(
    run: Run, tmp_path: Path, profile: dict[str, str]
) -> None:
    said = scored(run, kept(tmp_path, answered(unsure, profile)))
    left_out = scored(run, kept(tmp_path, {**answered(unsure, profile), "answers": {}}))
    assert said == left_out
    assert said["score"] == {"low": 0.0, "high": 100.0}
    assert (said["plan"], said["critical_gaps"]) == ([], [])
    assert said["find_out"] == [{"question": each.id, "ask": each.ask["en"]} for each in shown(CATALOGUE, profile)]


def test_nothing_applicable_has_no_score(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    anything = [each for each in CATALOGUE.questions if not each.shown_if and each.answer(NOT_APPLICABLE) is not None]
    for topic in {each.topic for each in CATALOGUE.questions}:
        own = [each for each in CATALOGUE.questions if each.topic == topic and not each.shown_if]
        if own and all(each in anything for each in own):
            sheet = answered(unsure, {})
            sheet["answers"] = {each.id: NOT_APPLICABLE for each in own}
            (found,) = [each for each in scored(run, kept(tmp_path, sheet))["topics"] if each["id"] == topic]
            assert found == {"id": topic, "low": None, "high": None}
    bare = type(CATALOGUE)(CATALOGUE.version, (), (), {})
    monkeypatch.setattr("portal.commands.score.current", lambda: bare)
    path = kept(tmp_path, {"version": CATALOGUE.version, "answers": {}})
    assert scored(run, path)["score"] is None
    assert "no score" in run("score", path)[1]


def test_check_contradicts_settles_and_comes_into_the_plan(run: Run, tmp_path: Path) -> None:
    check = kept(tmp_path, check_of(OPEN), "check.json")
    good = kept(tmp_path, answered(best, {}))
    found = scored(run, good, "--check", check)
    asked = CATALOGUE.question("remote-access")
    assert asked is not None
    doubt = {"question": asked.id, "answer": best(asked), "domain": "kahvila.test", "finding": OPEN.id}
    assert found["contradictions"] == [doubt]
    assert found["topics"][-1] == {"id": "domain", "domain": "kahvila.test", "low": 0.0, "high": 0.0}
    assert found["score"] == {"low": 79.9, "high": 79.9}
    assert len(found["plan"]) == 1
    silent = scored(run, kept(tmp_path, {**answered(unsure, {}), "answers": {}}), "--check", check)
    assert silent["critical_gaps"] == ["remote-access"]
    assert "remote-access" not in [each["question"] for each in silent["find_out"]]


def test_several_domains_are_counted_planned_and_named(run: Run, tmp_path: Path) -> None:
    absent = {"name": "_dmarc.x.test", "mails_from": "x.test"}
    checks = [
        kept(tmp_path, check_of(made("mail.dmarc", "absent", name, **absent), domain=name), f"{name}.json")
        for name in ("kahvila.test", "baari.test")
    ]
    path = kept(tmp_path, answered(best, {}))
    found = scored(run, path, "--check", checks[0], "--check", checks[1])
    assert [each["domain"] for each in found["topics"] if each["id"] == "domain"] == ["kahvila.test", "baari.test"]
    assert found["plan"][0]["fix"] == "find-out-who-sends"
    code, out, _ = run("score", path, "--check", checks[0], "--check", checks[1])
    assert code == 0
    assert "kahvila.test, baari.test" in out
    pdf = tmp_path / "plan.pdf"
    assert run("score", path, "--check", checks[0], "--check", checks[1], "--pdf", pdf)[0] == 0
    assert pdf.read_bytes().startswith(b"%PDF")


def test_two_checks_of_one_domain_are_refused(run: Run, tmp_path: Path) -> None:
    check = kept(tmp_path, check_of(OPEN), "check.json")
    code, _, err = run("score", kept(tmp_path, answered(best, {})), "--check", check, "--check", check)
    assert (code, "two checks are of kahvila.test" in err) == (2, True)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("how", [best, worst, unsure])
def test_words_tell_it_all_in_each_language(
    run: Run, tmp_path: Path, how: Callable[[Question], str], language: str
) -> None:
    check = kept(tmp_path, check_of(OPEN), "check.json")
    path = kept(tmp_path, answered(how, EVERYTHING))
    code, out, err = run("score", path, "--check", check, "--lang", language, "--hours", "1,5")
    assert (code, err) == (0, "")
    assert all(topic.title[language] in out for topic in CATALOGUE.topics)
    assert "{" not in out
    if how is best:
        assert {"fi": "23.11.2026", "sv": "23.11.2026", "en": "23 November 2026"}[language] in out
    if how is unsure:
        assert all(each.ask[language] in out for each in CATALOGUE.questions if each.id != "remote-access")


def test_finding_without_its_facts_is_told_all_the_same(run: Run, tmp_path: Path) -> None:
    bare = check_of(OPEN)
    bare["findings"][0]["evidence"] = {}
    path, check = kept(tmp_path, answered(worst, {})), kept(tmp_path, bare, "check.json")
    assert run("score", path, "--check", check)[0] == 0
    unmerged = check_of(made("web.hsts", "absent", header="–"))
    unmerged["findings"][0]["evidence"] = {}
    assert run("score", path, "--check", kept(tmp_path, unmerged, "check.json"))[0] == 0


def test_standard_input_is_a_dash(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = answered(worst, {})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(sheet).encode())))
    assert scored(run, "-") == scored(run, kept(tmp_path, sheet))


GOOD = {"version": CATALOGUE.version, "answers": {}}
UNUSABLE = [
    ({**GOOD, "version": "0"}, "unknown-version"),
    ({**GOOD, "answers": {"pigeons": "many"}}, "unknown-question"),
    ({**GOOD, "answers": {"backup": "perhaps"}}, "unknown-answer"),
    ({**GOOD, "profile": {"pigeons": "yes"}}, "unknown-question"),
    ({**GOOD, "profile": {"remote": "perhaps"}}, "unknown-answer"),
    ({**GOOD, "answers": {"x" * 5000: "y\n\x1b[31m"}}, "unknown-question"),
    ({**GOOD, "version": 1}, "not-an-answer-sheet"),
    ({**GOOD, "answers": []}, "not-an-answer-sheet"),
    ({**GOOD, "answers": {"backup": None}}, "not-an-answer-sheet"),
    ({**GOOD, "answers": {"backup": ["none"]}}, "not-an-answer-sheet"),
    ({**GOOD, "profile": None}, "not-an-answer-sheet"),
    ({**GOOD, "anwsers": {}}, "not-an-answer-sheet"),
    ({"answers": {}}, "not-an-answer-sheet"),
    ({"version": CATALOGUE.version}, "not-an-answer-sheet"),
    (
        f'{{"version": "{CATALOGUE.version}", "answers": {{"backup": "none", "backup": "tested"}}}}',
        "not-an-answer-sheet",
    ),
    ([], "not-an-answer-sheet"),
    ("", "not-an-answer-sheet"),
    ("{", "not-an-answer-sheet"),
    ("NaN", "not-an-answer-sheet"),
    ("1" * 5000, "not-an-answer-sheet"),
    ("[" * 100_000, "not-an-answer-sheet"),
    ('"\\ud800"', "not-an-answer-sheet"),
    (" " * (LARGEST + 1), "not-an-answer-sheet"),
]


@pytest.mark.parametrize(("content", "code"), UNUSABLE, ids=range(len(UNUSABLE)))
@pytest.mark.parametrize("language", ["fi", "en"])
def test_unusable_sheet_is_refused_in_one_line(
    run: Run, tmp_path: Path, content: object, code: str, language: str
) -> None:
    path = kept(tmp_path, content)
    _require_refusal(run("score", path, "--lang", language), code, as_json=False)
    _require_refusal(run("score", path, "--lang", language, "--json"), code, as_json=True)


def _require_refusal(ran: tuple[int, str, str], code: str, *, as_json: bool) -> None:
    status, out, err = ran
    assert status == 2
    assert err.startswith("kyberkunto: ")
    assert err.count("\n") == 1
    assert len(err) < 1000
    assert "\x1b" not in err
    if as_json:
        assert json.loads(out)["error"]["code"] == code
        assert set(json.loads(out)) == {"error"}
    else:
        assert out == ""


def _changed(**changes: object) -> dict[str, Any]:
    report = check_of(OPEN)
    return {**report, "findings": [{**report["findings"][0], **changes}]}


BAD_CHECKS: list[object] = [
    *([], {}, "", "{", "null", "[[[", {"error": {"code": "not-a-domain", "message": "no"}}),
    {"findings": []},
    {**check_of(OPEN), "findings": {}},
    {**check_of(OPEN), "findings": [1]},
    {**check_of(OPEN), "started_at": "yesterday"},
    {**check_of(OPEN), "started_at": "2026-11-23T06:30:00"},
    {**check_of(OPEN), "domain": 7},
    {**check_of(OPEN), "findings": check_of(OPEN)["findings"] * 2},
    *(_changed(status="maybe"), _changed(severity="huge"), _changed(subject=None), _changed(evidence=[])),
    *(_changed(fix="close"), _changed(fix={}), _changed(fix={"id": "x", "records": [{"action": 1}]})),
]


@pytest.mark.parametrize("content", BAD_CHECKS, ids=range(len(BAD_CHECKS)))
def test_unusable_check_is_refused_in_one_line(run: Run, tmp_path: Path, content: object) -> None:
    path = kept(tmp_path, GOOD)
    check = kept(tmp_path, content, "check.json")
    _require_refusal(run("score", path, "--check", check), "not-a-check", as_json=False)
    _require_refusal(run("score", path, "--check", check, "--json"), "not-a-check", as_json=True)


def test_check_of_another_version_is_read_as_far_as_it_is_known(run: Run, tmp_path: Path) -> None:
    path = kept(tmp_path, answered(best, {}))
    for change in ({"id": "mail.pigeons"}, {"outcome": "ajar"}, {"fix": {"id": "gone"}}):
        found = scored(run, path, "--check", kept(tmp_path, _changed(**change), "check.json"))
        assert (found["contradictions"], found["plan"]) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere.json"], "file-not-readable"),
        (["."], "file-not-readable"),
        (["a\0b"], "file-not-readable"),
        (["{good}", "--check", "nowhere.json"], "file-not-readable"),
        (["-", "--check", "-"], "usage"),
        ([], "usage"),
        *((["{good}", "--hours", each], "usage") for each in ("-1", "x", "1e9", "nan", "", "9" * 13, "1.", "１")),
        *((["{good}", "--budget-eur", each], "usage") for each in ("-1", "-0.5", "inf", "1 000")),
        (["{good}", "--lang", "de"], "usage"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(run: Run, tmp_path: Path, arguments: list[str], code: str) -> None:
    good = str(kept(tmp_path, GOOD))
    typed = [each.replace("{good}", good) for each in arguments]
    _require_refusal(run("score", *typed), code, as_json=False)
    _require_refusal(run("score", *typed, "--json"), code, as_json=True)


@pytest.mark.parametrize(
    ("hours", "minutes"), [("0", 0), ("0.25", 15), ("0,75", 45), ("1.999", 119), ("8", 480), ("9" * 12, 10**9)]
)
def test_hours_may_have_decimals(run: Run, tmp_path: Path, hours: str, minutes: int) -> None:
    found = scored(run, kept(tmp_path, answered(worst, {})), "--hours", hours, "--budget-eur", "100")
    assert sum(step["minutes"] for step in found["plan"]) <= minutes
    assert sum(step["cost_eur"][0] for step in found["plan"]) <= 100


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_questionnaire_is_the_whole_catalogue(run: Run, language: str) -> None:
    code, out, err = run("questionnaire", "--json", "--lang", language)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert set(found) == {"version", "profile", "topics", "questions", "fixes"}
    assert [each["id"] for each in found["questions"]] == [each.id for each in CATALOGUE.questions]
    assert {tuple(each) for each in found["profile"]} == {("id", "text", "answers")}
    assert {tuple(each) for each in found["topics"]} == {("id", "title")}
    assert {tuple(each) for each in found["fixes"]} == {("id", "title", "steps", "cost_eur", "minutes", "who")}
    for told, question in zip(found["questions"], CATALOGUE.questions, strict=True):
        assert {"id", "topic", "text", "help", "shown_if", "critical", "answers", "fixes", "frameworks"} == set(told)
        assert (told["text"], told["help"]) == (question.text[language], question.help[language])
        assert [tuple(each.values()) for each in told["answers"]] == [
            (each.id, each.text[language], each.kind, each.value) for each in question.answers
        ]
        assert told["fixes"]
        assert set(told["frameworks"]) == {"din-27076", "cis-ig1", "cyber-essentials", "nist-csf-2.0"}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_questionnaire_can_be_read(run: Run, language: str) -> None:
    code, out, err = run("questionnaire", "--lang", language)
    assert (code, err) == (0, "")
    assert all(question.text[language] in out for question in CATALOGUE.questions)
