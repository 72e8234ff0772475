"""What the answers come to, and what to do about it within the owner's money and time."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_204_NO_CONTENT, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from checks import advice
from portal import clock
from portal.accounts.permissions import knows_address
from portal.assessments.catalogue import Catalogue, current
from portal.assessments.context.knowing import known
from portal.assessments.context.sentences import Told, told_of_all
from portal.assessments.outline import item
from portal.assessments.sheets import service, storage
from portal.assessments.sheets.plan_outline import PlanTeller
from portal.assessments.sheets.result import Result
from portal.assessments.sheets.sightings import sightings
from portal.assessments.sheets.standing import standing
from portal.assessments.sheets.storage import KeptSheet
from portal.assessments.sheets.telling_proofs import told_ticks
from portal.assessments.solutions import reading
from portal.assessments.solutions.offers import beside, questions_of
from portal.exports.tickets import Ticket, Whose
from portal.pages import questions
from portal.pages.exports import calendar_address
from portal.pages.page import AnyRequest, Page, page, see, words
from portal.programme import pilots
from portal.web.guards import requires
from portal.web.sessions import viewer_of

_HOUR = 60
_COUNT = re.compile(r"\d{1,7}")
_HOURS = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?")


@get("/{language:str}/q/{token:str}/plan", guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """The verdict, the score, the plan, what to find out, and how all that was computed."""
    return await _page(request, language, await storage.by_token(token, viewer_of(request)))


@post("/{language:str}/q/{token:str}/plan", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def spend(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page | Redirect:
    """Makes the plan anew for another budget; what is no amount comes back to its field."""
    kept = await storage.by_token(token, viewer_of(request))
    form = await request.form()
    typed = {name: str(form.get(name, "")).strip()[:20] for name in ("euro", "hours")}
    euro, minutes = _euro(typed["euro"]), _minutes(typed["hours"])
    if euro is None or minutes is None:
        return await _page(request, language, kept, typed, _errors(euro, minutes, language))
    await service.spend(kept.row, euro, minutes)
    return see(f"/{language}/q/{token}/plan#plan")


@post("/{language:str}/q/{token:str}/plan/done", status_code=HTTP_303_SEE_OTHER, guards=[requires(knows_address)])
async def tick(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Redirect:
    """Keeps that a fix is done, or that it is not done after all."""
    kept = await storage.by_token(token, viewer_of(request))
    form = await request.form()
    done = form.get("done") == "yes"
    await service.tick(kept, current(), str(form.get("fix", "")), done=done)
    return see(f"/{language}/q/{token}/plan#{'done' if done else 'plan'}")


@get("/{language:str}/q/{token:str}/plan/looked", guards=[requires(knows_address)])
async def looked(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Response[None] | Redirect:
    """What the page asks while a check is under way; once none is, it loads itself anew."""
    if "hx-request" not in request.headers:
        return see(f"/{language}/q/{token}/plan#done")
    kept = await storage.by_token(token, viewer_of(request))
    if any(each.under_way for each in kept.domains):
        return Response(None, status_code=HTTP_204_NO_CONTENT)
    return Response(None, headers={"hx-refresh": "true"})


def _euro(text: str) -> int | None:
    found = int(text) if _COUNT.fullmatch(text) else service.MOST_EURO + 1
    return found if found <= service.MOST_EURO else None


def _minutes(text: str) -> int | None:
    found = _HOURS.fullmatch(text)
    minutes = round(float(text.replace(",", ".")) * _HOUR) if found else -1
    return minutes if 0 <= minutes <= service.MOST_HOURS * _HOUR else None


def _errors(euro: int | None, minutes: int | None, language: str) -> dict[str, str]:
    """By field, in the order of the form."""
    tell = words(language)
    found = {}
    if euro is None:
        found["euro"] = tell("Type how many euro, in figures, such as 0 or 200.")
    if minutes is None:
        found["hours"] = tell("Type how many hours, in figures, such as 8 or 1.5.")
    return found


async def _page(
    request: AnyRequest,
    language: str,
    kept: KeptSheet,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    catalogue = current()
    result = await standing(kept, catalogue)
    hours = f"{round(kept.row.minutes / _HOUR, 2):g}"  # so many decimals as may be typed
    context = {
        "token": kept.row.token,
        "typed": typed or {"euro": str(kept.row.budget_eur), "hours": hours.replace(".", _decimal_sign(language))},
        "errors": errors or {},
        "renewed": questions.is_renewed(kept),
        "catalogue": catalogue,
        "domains": kept.domains,
        "several": len(kept.domains) > 1,
        "given": kept.given,
        "result": result,
        "calendar": calendar_address(request, language, Ticket(Whose.SHEET, kept.row.id)),
        "has_findings": bool(kept.inspected),
        "is_kept": kept.row.firm is not None,
        **_told(kept, catalogue, result, language),
        **await _elsewhere(kept, catalogue, result, language),
        **await _awarded(kept, catalogue, result, language),
        **_find_out(request, kept, catalogue, result, language),
    }
    status = HTTP_422_UNPROCESSABLE_ENTITY if errors else 200
    return page(request, language, "questions/plan.html", context, status=status)


def _decimal_sign(language: str) -> str:
    return "." if language == "en" else ","


def _told(kept: KeptSheet, catalogue: Catalogue, result: Result, language: str) -> dict[str, Any]:
    country = kept.given["country"].answer if "country" in kept.given else ""
    teller = PlanTeller(catalogue, language, country, kept.inspected)
    seen = sightings(kept, catalogue, result, language)
    return {
        "plan": teller.told(result.plan),
        "ticks": told_ticks(catalogue, kept.proofs, [each.domain for each in kept.domains], language),
        "doubts": [each for entries in seen.values() for each in entries if each.given],
        "seen": seen,
        "grave": [(each.domain, item(each, each.domain, language)) for each in result.critical_findings],
        "check_name": lambda name: advice.card(name).name[language],
        "unsure": sum(1 for entry in result.items if entry.low < entry.high),
    }


async def _elsewhere(kept: KeptSheet, catalogue: Catalogue, result: Result, language: str) -> dict[str, Any]:
    """How common things are among other firms, each said once: under a gap, or with the first fix that lifts it."""
    values = {entry.id: entry.high / 100 for entry in result.items}
    found = told_of_all(catalogue, values, kept.as_of(catalogue).profile, await known(catalogue), language)
    said: set[str] = set()
    return {
        "common_of_gap": {name: _unsaid([name], found, said) for name in result.critical_gaps},
        "common_of_fix": {planned.fix: _unsaid(planned.questions, found, said) for planned in result.plan},
    }


async def _awarded(kept: KeptSheet, catalogue: Catalogue, result: Result, language: str) -> dict[str, Any]:
    """The awarded solutions beside each fix, and which of them firms can try in a pilot now."""
    country = kept.given["country"].answer if "country" in kept.given else ""
    offers = [each for each in await reading.standing(language) if each.is_for(country, language)]
    today = clock.now().date()
    return {
        "beside_fix": {
            planned.fix: beside(
                offers, planned.fix, planned.questions or questions_of(planned.fix, catalogue.fixes), today
            )
            for planned in result.plan
        },
        "piloting": await pilots.open_for(each.id for each in offers) if offers else frozenset(),
    }


def _unsaid(names: Iterable[str], found: Mapping[str, Sequence[Told]], said: set[str]) -> list[Told]:
    """What there is to say of these questions and was not said yet; says it."""
    fresh = [each for name in names for each in found.get(name, ()) if each.text not in said]
    said |= {each.text for each in fresh}
    return fresh


def _find_out(
    request: AnyRequest, kept: KeptSheet, catalogue: Catalogue, result: Result, language: str
) -> dict[str, Any]:
    """What nobody knew yet: the questions, and one letter that asks for all of it."""
    asked = [found for found in map(catalogue.question, result.find_out) if found is not None]
    address = questions.address_of(request, language, kept.row.token)
    tell = words(language)
    lines = [tell("Hello! Could you please answer these questions about our IT?"), ""]
    lines += [f"{number}. {question.ask[language]}" for number, question in enumerate(asked, start=1)]
    if kept.row.firm is None:  # else the address opens nothing for whoever reads the letter
        lines += ["", tell("You can also fill in the answers yourself here:"), address]
    letter = "\n".join(lines)
    return {"find_out": asked, "letter": letter, "mail": questions.mail(tell("Questions about our IT"), letter)}
