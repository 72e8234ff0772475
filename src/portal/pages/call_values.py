"""A call's terms as what stands in inputs, and what was typed there as terms."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from challenge.checking import Fault
from challenge.terms import (
    Choice,
    Criterion,
    Eligibility,
    Field,
    FieldKind,
    Phase,
    PhaseKind,
    Prize,
    Terms,
    TieRule,
    Track,
    Words,
)
from portal.calls.drafts import slug_of
from portal.errors import UnusableTermsError
from portal.i18n import NAMES
from portal.pages.call_inputs import MARKS, NEW

Form = Mapping[str, str]
_NUMBER = re.compile(r"-?\d{1,9}")
_LONGEST_ID = 30
_JURY = ("grace_minutes", "reads", "final_reads", "home_city_limit")


def item_of(part: str, item: str, terms: Terms) -> Any:  # noqa: ANN401 - a track, a question, a field or a criterion
    """That item of a list; None for a new one. Raises KeyError where there is none."""
    found = {each.id: each for each in getattr(terms, part)}
    return None if item == NEW else found[item]


def values(part: str, item: str, terms: Terms, zone: ZoneInfo) -> dict[str, str]:
    """What stands in the part's inputs."""
    if part == "texts":
        ticks = {f"in-{code}": "yes" for code in terms.languages}
        return ticks | _words(title=terms.title, summary=terms.summary, text=terms.text)
    if part == "phases":
        return {name: text for phase in terms.phases for name, text in _moments(phase, zone).items()}
    if part == "prizes":
        return {f"prize-{prize.track}-{code}": text for prize in terms.prizes for code, text in prize.text.items()}
    if part == "rules":
        return _words(rules=terms.rules)
    if part == "jury":
        numbers = {name: str(getattr(terms, name)) for name in _JURY}
        ties = {f"tie-{place}": str(rule) for place, rule in enumerate(terms.ties, start=1)}
        return numbers | ties | _ticked(is_blind=terms.is_blind)
    return _item_values(item_of(part, item, terms))


def changed(part: str, item: str, terms: Terms, zone: ZoneInfo, form: Form) -> Terms:
    """The terms with what was typed in that part.

    Raises:
        UnusableTermsError: a number or a moment is none (`no-number`, `no-moment`).
        KeyError: there is no such item.
    """
    if part == "texts":
        return _with_texts(terms, form)
    if part == "phases":
        return replace(terms, phases=_phases(zone, form))
    if part == "prizes":
        texts = {track.id: _typed(form, f"prize-{track.id}", {}) for track in terms.tracks}
        return replace(terms, prizes=tuple(Prize(track, text) for track, text in texts.items() if text))
    if part == "rules":
        return replace(terms, rules=_typed(form, "rules", terms.rules))
    if part == "jury":
        numbers = {name: _number(part, form, name) for name in _JURY}
        ties = tuple(TieRule(form[name]) for name in ("tie-1", "tie-2", "tie-3") if form.get(name) in set(TieRule))
        return replace(terms, **numbers, ties=ties, is_blind=form.get("is_blind") == "yes")
    return _with_item(part, item_of(part, item, terms), terms, form)


def without(part: str, item: str, terms: Terms) -> Terms:
    """The terms without that item, and without the prizes of a track that goes."""
    kept = tuple(each for each in getattr(terms, part) if each.id != item)
    prizes = tuple(prize for prize in terms.prizes if part != "tracks" or prize.track != item)
    return replace(terms, **{part: kept}, prizes=prizes)


def moment_of(day: str, time: str, zone: ZoneInfo) -> datetime | None:
    """That date and time on that clock, in UTC; None where either is none, or the clock leaps over it."""
    try:
        local = datetime.fromisoformat(f"{day}T{time}").replace(second=0, microsecond=0, tzinfo=zone)
        found = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.astimezone(zone).replace(fold=local.fold) == local else None


def _words(**texts: Words) -> dict[str, str]:
    return {f"{name}-{code}": text for name, words in texts.items() for code, text in words.items()}


def _ticked(**ticks: bool) -> dict[str, str]:
    return {name: "yes" for name, ticked in ticks.items() if ticked}


def _moments(phase: Phase, zone: ZoneInfo) -> dict[str, str]:
    found = {}
    for name, when in (("begins", phase.begins), ("ends", phase.ends)):
        here = when.astimezone(zone)
        found[f"{phase.kind}-{name}-day"] = f"{here:%Y-%m-%d}"
        found[f"{phase.kind}-{name}-time"] = f"{here:%H:%M}"
    return found


def _item_values(item: Any) -> dict[str, str]:  # noqa: ANN401 - as `item_of` gives it
    if isinstance(item, Track):
        return {"winners": str(item.winners)} | _words(name=item.name, text=item.text)
    if isinstance(item, Eligibility):
        return {"needed": "yes" if item.needed else "no"} | _words(text=item.text, otherwise=item.otherwise)
    if isinstance(item, Criterion):
        anchors = {f"anchor-{mark}": text for mark, text in item.anchors.items()}
        return {"weight": str(item.weight)} | _words(name=item.name, text=item.text, **anchors)
    if isinstance(item, Field):
        choices = {code: "\n".join(each.name.get(code, "") for each in item.choices) for code in NAMES}
        limits = {"least": item.least, "most": item.most}
        numbers = {name: f"{limit:.0f}" for name, limit in limits.items() if limit is not None}
        texts = _words(name=item.name, help=item.help, choices=choices)
        ticks = _ticked(required=item.is_required, team=item.names_team)
        return {"kind": str(item.kind), "longest": str(item.longest)} | numbers | texts | ticks
    return {"winners": "1", "needed": "yes", "weight": "10", "kind": "text", "longest": "1500", "required": "yes"}


def _with_texts(terms: Terms, form: Form) -> Terms:
    own = terms.languages[:1]
    others = tuple(code for code in NAMES if form.get(f"in-{code}") == "yes" and code not in own)
    texts = {name: _typed(form, name, getattr(terms, name)) for name in ("title", "summary", "text")}
    return replace(terms, languages=(*own, *others), **texts)


def _phases(zone: ZoneInfo, form: Form) -> tuple[Phase, ...]:
    """Those of which anything was typed."""
    found, wrong = [], []
    for kind in PhaseKind:
        if not any(form.get(f"{kind}-{name}-{of}", "").strip() for name in _ENDS for of in ("day", "time")):
            continue
        ends = {name: _moment(form, f"{kind}-{name}", zone) for name in _ENDS}
        wrong += [Fault("phases", "no-moment", kind, name) for name, when in ends.items() if when is None]
        begins, until = ends["begins"], ends["ends"]
        if begins is not None and until is not None:
            found.append(Phase(kind, begins, until))
    if wrong:
        raise UnusableTermsError(wrong)
    return tuple(found)


def _moment(form: Form, name: str, zone: ZoneInfo) -> datetime | None:
    return moment_of(form.get(f"{name}-day", "").strip(), form.get(f"{name}-time", "").strip(), zone)


_ENDS = ("begins", "ends")


def _with_item(part: str, former: Any, terms: Terms, form: Form) -> Terms:  # noqa: ANN401 - as `item_of` gives it
    makers: dict[str, Callable[[Any, Form], Any]] = {
        "tracks": _track,
        "eligibility": _eligible,
        "fields": _field,
        "criteria": _criterion,
    }
    made = makers[part](former, form)
    there = getattr(terms, part)
    if former is not None:
        return replace(terms, **{part: tuple(made if each.id == former.id else each for each in there)})
    title = made.text if isinstance(made, Eligibility) else made.name
    fresh = replace(made, id=_free_id(title, terms, {each.id for each in there}))
    return replace(terms, **{part: (*there, fresh)})


def _track(former: Track | None, form: Form) -> Track:
    name = _typed(form, "name", former.name if former else {})
    text = _typed(form, "text", former.text if former else {})
    return Track(former.id if former else "", name, text, _number("tracks", form, "winners"))


def _eligible(former: Eligibility | None, form: Form) -> Eligibility:
    text = _typed(form, "text", former.text if former else {})
    otherwise = _typed(form, "otherwise", former.otherwise if former else {})
    return Eligibility(former.id if former else "", text, form.get("needed") != "no", otherwise)


def _criterion(former: Criterion | None, form: Form) -> Criterion:
    anchors = dict(former.anchors) if former else {}
    anchors |= {mark: _typed(form, f"anchor-{mark}", anchors.get(mark, {})) for mark in MARKS}
    return Criterion(
        id=former.id if former else "",
        name=_typed(form, "name", former.name if former else {}),
        text=_typed(form, "text", former.text if former else {}),
        weight=_number("criteria", form, "weight"),
        anchors={mark: text for mark, text in sorted(anchors.items()) if text},
    )


def _field(former: Field | None, form: Form) -> Field:
    kind = form.get("kind", "")
    return Field(
        id=former.id if former else "",
        kind=FieldKind(kind) if kind in set(FieldKind) else FieldKind.TEXT,
        name=_typed(form, "name", former.name if former else {}),
        help=_typed(form, "help", former.help if former else {}),
        is_required=form.get("required") == "yes",
        longest=_number("fields", form, "longest"),
        choices=_choices(form) if kind == FieldKind.CHOICE else (),
        least=_number("fields", form, "least") if form.get("least", "").strip() else None,
        most=_number("fields", form, "most") if form.get("most", "").strip() else None,
        names_team=form.get("team") == "yes",
    )


def _choices(form: Form) -> tuple[Choice, ...]:
    """One for each line; a line says the same in each language. Its id is made of its words."""
    lines = {code: form.get(f"choices-{code}", "").strip().splitlines() for code in NAMES}
    names = [
        {code: texts[place].strip() for code, texts in lines.items() if place < len(texts) and texts[place].strip()}
        for place in range(max(len(texts) for texts in lines.values()))
    ]
    return tuple(
        Choice(slug_of(name.get("en") or next(iter(name.values())))[:_LONGEST_ID], name) for name in names if name
    )


def _typed(form: Form, name: str, former: Words) -> dict[str, str]:
    """The text of each language that was typed; what was not asked for stays."""
    texts = dict(former)
    for code in NAMES:
        if f"{name}-{code}" in form:
            texts[code] = "\n".join(form[f"{name}-{code}"].replace("\0", "").splitlines()).strip()
    return {code: text for code, text in texts.items() if text}


def _number(part: str, form: Form, name: str) -> int:
    text = form.get(name, "").strip()
    if not _NUMBER.fullmatch(text):
        raise UnusableTermsError([Fault(part, "no-number", field=name)])
    return int(text)


def _free_id(name: Words, terms: Terms, taken: set[str]) -> str:
    text = name.get("en") or next((name[code] for code in (*terms.languages, *name) if name.get(code)), "")
    wanted = slug_of(text)[:_LONGEST_ID].strip("-") if text else "item"
    tried = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in tried if each not in {*taken, NEW, "deck"})
