"""What went wrong, in words: one heading and what to do now for each kind of `portal.web.problems.Problem`."""

import re
from collections.abc import Callable
from urllib.parse import quote

from litestar.response import Redirect

from portal.i18n import translator
from portal.pages.page import AnyRequest, Page, language_of, page, path_and_query, see
from portal.web.problems import Problem
from portal.web.sessions import viewer_of

_MINUTE = 60
_OF_ACCOUNTS = re.compile(r"/[a-z]{2}/[aq]/[^/]")


_LEADS_TO = {
    "sign-in-needed": "sign-in",
    "second-step-needed": "me/second-step",
    "sign-in-too-old": "me/second-step",
}
"""Where something is to be done first, and then the way leads back."""


def show(request: AnyRequest, problem: Problem) -> Page | Redirect:
    """The page of a problem, in the language of the address that was asked for."""
    language = language_of(request)
    if problem.kind in _LEADS_TO:
        back = f"?next={quote(path_and_query(request))}" if request.method == "GET" else ""
        return see(f"/{language}/{_LEADS_TO[problem.kind]}{back}")
    tell = translator(language).gettext
    heading, *lines = _words(tell).get(problem.kind) or _words(tell)["bad-request"]
    if problem.retry_after_s is not None:
        lines.append(_when(problem.retry_after_s, language))
    context = {"heading": heading, "lines": lines, "kept": _perhaps_kept(request, problem)}
    return page(request, language, "problems/problem.html", context, status=problem.status)


def _perhaps_kept(request: AnyRequest, problem: Problem) -> str:
    """The address to come back to after signing in, where a check or a sheet may be kept in an account; else empty.

    Whether there is any such thing plays no part in it.
    """
    may_be = problem.kind == "not-found" and request.method == "GET" and _OF_ACCOUNTS.match(request.url.path)
    return quote(path_and_query(request)) if may_be and viewer_of(request).person is None else ""


def _when(seconds: int, language: str) -> str:
    tell_many = translator(language).ngettext
    if seconds < _MINUTE:
        text = tell_many("Try again in %(num)s second.", "Try again in %(num)s seconds.", seconds)
        return text % {"num": seconds}
    minutes = -(-seconds // _MINUTE)
    return tell_many("Try again in %(num)s minute.", "Try again in %(num)s minutes.", minutes) % {"num": minutes}


def _words(tell: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    return {
        "not-found": (
            tell("There is no such page"),
            tell("Perhaps the address was cut off, or the result has been removed."),
            tell("Copy the whole address from where you got it, or check the domain again."),
        ),
        "link-not-found": (
            tell("This link leads nowhere now"),
            tell("Links that are shared run out after a while, and whoever made one can end it. Nothing is wrong."),
            tell("If you still need it, ask whoever gave it to you for a new one."),
        ),
        "not-done": (
            tell("The check is not ready yet"),
            tell("Go back and wait until all findings are there. Then the report can be made."),
        ),
        "proof-expired": (
            tell("The value is too old"),
            tell("Go back to the result and ask for a new one."),
        ),
        "too-many-checks-client": (
            tell("Many checks in a short time"),
            tell("From your network so many checks were started that the others must have their turn."),
        ),
        "too-many-checks-person": (
            tell("Many checks in a short time"),
            tell("You have started so many checks that the others must have their turn."),
        ),
        "too-many-checks-target": (
            tell("This domain was checked many times just now"),
            tell("We do not want to burden its servers. The results of the earlier checks still hold."),
        ),
        "too-many-letters": (
            tell("Many letters in a short time"),
            tell(
                "So many letters went to this address, or out from your network or from these answers, that it is "
                "enough for now."
            ),
            tell("Go back and copy the link instead."),
        ),
        "too-many-codes": (
            tell("Many codes in a short time"),
            tell("So many codes were typed for your account that we wait a little. This keeps others from guessing."),
        ),
        "too-many-invitations": (
            tell("Many invitations in a short time"),
            tell(
                "So many invitations went out from you or your network, or to this address, that it is enough for now."
            ),
        ),
        "too-many-sign-ins": (
            tell("Many letters in a short time"),
            tell("So many links to sign in went to this address, or out from your network, that it is enough for now."),
            tell("Perhaps the newest letter has arrived by now: look among the junk mail too."),
        ),
        "too-many-requests": (
            tell("A little slower"),
            tell("From your network so many forms were sent that the others must have their turn."),
        ),
        "form-refused": (
            tell("The form was open for too long"),
            tell("Nothing was sent. Go back, load the page again and send the form once more."),
            tell("If it does not help, allow cookies for this site: we need one to know that the form is yours."),
        ),
        "too-large": (
            tell("That was too much text"),
            tell("Nothing was sent. Go back and make it shorter."),
        ),
        "wrong-method": (
            tell("This page cannot be opened like that"),
            tell("Begin again from the front page."),
        ),
        "bad-request": (
            tell("We did not understand that"),
            tell("Go back and try again."),
        ),
        "our-error": (
            tell("Something broke at our end"),
            tell("The fault is ours, not yours, and it is noted."),
            tell("Try again in a moment. What you had sent before is kept."),
        ),
    }
