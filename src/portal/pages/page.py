"""What every page is made with: its language, the way to the same page in another one, and its forms' protection."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER
from markupsafe import Markup

from portal import settings
from portal.assessments.service import Asking
from portal.i18n import DEFAULT, NAMES, preferred, translator
from portal.templating import render
from portal.web.csrf import FIELD, csrf_token
from portal.web.sessions import viewer_of

AnyRequest = Request[Any, Any, Any]
Page = Response[str]


def page(
    request: AnyRequest, language: str, template: str, context: Mapping[str, Any], *, status: int = HTTP_200_OK
) -> Page:
    """The template as a whole page in that language. Raises NotFoundException for a language we do not speak."""
    if language not in NAMES:
        raise NotFoundException
    chosen, viewer = settings.current(), viewer_of(request)
    shared = {
        "path": path_without_language(request),
        "csrf_input": lambda: _csrf_input(request),
        "operator_name": chosen.operator_name,
        "operator_contact": chosen.operator_contact,
        "sends_letters": chosen.sends_letters,
        "is_signed_in": viewer.person is not None,
        "has_tasks": viewer.has_role,
    }
    html = render(template, language, {**shared, **context})
    return Response(html, status_code=status, media_type=MediaType.HTML)


def see(path: str) -> Redirect:
    """Sends the browser on to another page of ours after an act, so that a reload repeats nothing."""
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)


def site(request: AnyRequest) -> str:
    """Where people reach this installation, as links that leave it begin; without a slash at the end."""
    return settings.current().public_url or str(request.base_url).rstrip("/")


def asking(request: AnyRequest) -> Asking:
    """What the check log says of whoever asks for a check on a page."""
    return Asking(viewer_of(request).pseudonym)


def has_stated(form: Mapping[str, Any]) -> bool:
    """Whether whoever sent the form ticked that the domain is theirs, or that they act for its owner."""
    return form.get("mine") == "yes"


def words(language: str) -> Callable[[str], str]:
    """The `gettext` of that language, for sentences that are not in a template."""
    return translator(language if language in NAMES else DEFAULT).gettext


def language_of(request: AnyRequest) -> str:
    """The language in the path, or the best for the browser where the path has none."""
    first = request.url.path.split("/", 2)[1]
    return first if first in NAMES else preferred(request.headers.get("accept-language", ""))


def path_without_language(request: AnyRequest) -> str:
    """The rest of the address, to which each language's code is put for the same page; the query only of a GET."""
    first, _, rest = request.url.path.removeprefix("/").partition("/")
    path = f"/{rest}" if first in NAMES else "/"
    return f"{path}?{request.url.query}" if request.url.query and request.method == "GET" and path != "/" else path


def path_and_query(request: AnyRequest) -> str:
    """The address that was asked for, within this site."""
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def onward(text: str, otherwise: str) -> str:
    """An address within this site to go on to, as a form or a query names it; `otherwise` for anything else.

    Only a path below a language of ours counts, so that nobody is sent on to another site (ASVS 5.0, V3.7).
    """
    plain = text.isprintable() and "\\" not in text and "//" not in text.partition("?")[0]
    return text if plain and text.isascii() and text.startswith(tuple(f"/{code}/" for code in NAMES)) else otherwise


def _csrf_input(request: AnyRequest) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token(request))
