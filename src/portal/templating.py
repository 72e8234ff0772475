"""The one Jinja environment, for pages and report alike: escapes everything, refuses what is undefined.

Every template is rendered with `language` in its context; `_`, `gettext`, `ngettext` and `{% trans %}` use it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from challenge.terms import Words, told
from checks.contract import Json
from checks.languages import local_date
from checks.names import display_name
from checks.registry import consent_for
from portal.assessments.wording import Wording
from portal.i18n import NAMES, local_clock, local_moment, local_number, local_time, translator
from portal.settings import ROOT

STATIC = ROOT / "src" / "portal" / "static"
ZONE = ZoneInfo("Europe/Helsinki")
"""The readers' clock, where a page names no other one."""
LONGEST = 600


@cache
def environment() -> Environment:
    """The environment; templates are read once and kept."""
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(languages=NAMES, static=static, say=_say, consent_for=consent_for, utc=UTC)
    made.filters.update(
        date=_in_zone(lambda when, language, zone: local_date(when.astimezone(zone), language)),
        time=_in_zone(local_time),
        clock=_in_zone(local_clock),
        moment=_in_zone(local_moment),
        opening=_in_zone(lambda when, language, zone: local_moment(when, language, zone, begins=True)),
        told=_told,
        day=_in_language(local_date),
        number=_in_language(local_number),
        host=lambda url: urlsplit(url).hostname,
        domain=display_name,
        breakable=breakable,
        shown=shown,
    )
    return made


def render(template: str, language: str, context: Mapping[str, Any]) -> str:
    """The template in `fi`, `sv` or `en`, filled."""
    return environment().get_template(template).render({**context, "language": language})


@cache
def static(name: str) -> str:
    """The address of a file of ours, which changes with its content so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def breakable(value: str) -> Markup:
    """A record's value that may wrap after semicolons and commas, and is still copied as one line."""
    escaped = Markup("").join(Markup("{}<wbr>").format(part) for part in _parts(value))
    return escaped.removesuffix("<wbr>")


def shown(value: Json) -> str:
    """A piece of evidence as people are shown it: at most `LONGEST` characters; the JSON has all of it."""
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        text = ", ".join(str(entry) for entry in value) or "–"
    else:
        text = value if isinstance(value, str) else "–" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)})"


def _parts(value: str) -> list[str]:
    parts, start = [], 0
    for place, sign in enumerate(value, start=1):
        if sign in ";," or place == len(value):
            parts.append(value[start:place])
            start = place
    return parts


@pass_context
def _say(context: Context) -> Wording:
    """The words of the page's language; of a report for others, those that do not take its reader for its owner."""
    return _wording(context["language"], getattr(context.get("report"), "for_others", False))


@cache
def _wording(language: str, for_others: bool) -> Wording:  # noqa: FBT001 - a cache takes no names
    return Wording(language, for_others=for_others)


class _InLanguage(NamedTuple):
    text: str
    language: str


@pass_context
def _told(context: Context, words: Words, languages: tuple[str, ...] = ()) -> _InLanguage:
    """What a call says in the page's language, or else in the first of `languages` that it is written in."""
    return _InLanguage(*told(words, context["language"], languages))


@pass_context
def _gettext(context: Context, text: str) -> str:
    return translator(context["language"]).gettext(text)


@pass_context
def _ngettext(context: Context, one: str, many: str, count: int) -> str:
    return translator(context["language"]).ngettext(one, many, count)


def _in_language(show: Callable[[Any, str], str]) -> Callable[..., str]:
    @pass_context
    def shown_in_language(context: Context, value: object) -> str:
        return show(value, context["language"])

    return shown_in_language


def _in_zone(show: Callable[[datetime, str, tzinfo], str]) -> Callable[..., str]:
    """A filter that takes the zone in which its page's readers live."""

    @pass_context
    def shown_in_zone(context: Context, value: datetime, zone: tzinfo = ZONE) -> str:
        return show(value, context["language"], zone)

    return shown_in_zone
