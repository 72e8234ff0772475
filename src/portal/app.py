"""Builds the web application. The only list of routes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.middleware import DefineMiddleware
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from portal import database, jobs, logs, settings
from portal.accounts import limits
from portal.accounts.permissions import anyone
from portal.assessments import catalogue
from portal.i18n import DEFAULT, NAMES
from portal.pages import (
    account,
    administration,
    assessments,
    badges,
    call_exports,
    call_results,
    cities,
    city_managing,
    deciding,
    disputes,
    event_managing,
    events,
    exports,
    feedback,
    feedback_letters,
    history,
    home,
    invitations,
    keeping,
    meeting,
    my_data,
    organisation_people,
    organisations,
    ports,
    problems,
    programme,
    questions,
    questions_answers,
    questions_domain,
    questions_letter,
    questions_one,
    questions_plan,
    questions_report,
    ranking,
    rechecks,
    reports,
    second_factors,
    second_step,
    shared,
    shared_report,
    sharing,
    sign_in,
    status,
    texts,
    watches,
)
from portal.templating import STATIC
from portal.web import security_txt
from portal.web.clients import client_of
from portal.web.csrf import SAFE_METHODS, CsrfMiddleware
from portal.web.guards import requires
from portal.web.headers import add_security_headers
from portal.web.health import health, ready
from portal.web.problems import AnyRequest, handler
from portal.web.sessions import SessionMiddleware

MAX_BODY = 64 * 1024
"""Bytes of a form; the longest has one message of some thousand characters."""

ROUTES: tuple[ControllerRouterHandler, ...] = (
    home.choose_language,
    home.show,
    home.start,
    home.own_name,
    texts.now,
    texts.data,
    texts.accessibility,
    texts.about,
    feedback.show,
    feedback.send,
    status.show,
    status.security,
    assessments.show,
    assessments.events,
    history.show,
    rechecks.show,
    rechecks.check,
    reports.request_report,
    reports.show_state,
    reports.download,
    ports.show,
    ports.check_again,
    disputes.show,
    disputes.send,
    questions.show,
    questions.begin,
    questions.topics,
    questions.choose_programme,
    questions_one.show,
    questions_one.answer,
    questions_answers.show,
    questions_answers.look_through,
    questions_domain.show,
    questions_domain.check,
    questions_domain.check_again,
    questions_domain.ask_to_remove,
    questions_domain.remove,
    questions_letter.show,
    questions_letter.send,
    questions_report.show,
    questions_report.ask,
    questions_report.show_state,
    questions_report.download,
    questions_plan.show,
    questions_plan.spend,
    questions_plan.tick,
    questions_plan.looked,
    sharing.show,
    sharing.ask,
    sharing.make,
    sharing.end,
    shared.show,
    shared.check_again,
    shared_report.ask,
    shared_report.show_state,
    shared_report.download,
    badges.show,
    badges.make,
    badges.end,
    badges.explain,
    badges.picture,
    exports.of_check,
    exports.of_sheet,
    exports.subscribed,
    exports.schema,
    watches.show,
    watches.ask,
    watches.offer,
    watches.confirm,
    watches.manage,
    watches.change,
    watches.show_unsubscribe,
    watches.unsubscribe,
    second_step.show,
    second_step.code,
    second_step.recovery,
    second_step.ask,
    second_step.passkey,
    second_factors.show,
    second_factors.show_app,
    second_factors.add_app,
    second_factors.show_passkey,
    second_factors.ask_passkey,
    second_factors.add_passkey,
    second_factors.remove,
    second_factors.show_codes,
    second_factors.make_codes,
    organisations.new,
    organisations.make,
    organisations.show,
    organisations.rename,
    organisations.leave,
    organisations.ask_to_delete,
    organisations.delete,
    organisation_people.invite,
    organisation_people.end_invitation,
    organisation_people.make_owner,
    organisation_people.remove,
    invitations.show,
    invitations.answer,
    my_data.show,
    my_data.ask_to_take,
    my_data.take,
    my_data.fetch,
    my_data.keep,
    my_data.ask_to_delete,
    my_data.delete,
    cities.show,
    programme.show,
    programme.show_organisers,
    programme.as_json,
    programme.as_csv,
    city_managing.show,
    city_managing.texts,
    city_managing.change,
    city_managing.invite,
    city_managing.end_invitation,
    city_managing.withdraw,
    events.show,
    events.as_calendar,
    events.register,
    events.give_up,
    event_managing.show,
    event_managing.new,
    event_managing.make,
    event_managing.edit,
    event_managing.change,
    event_managing.cancel,
    call_exports.take,
    ranking.show,
    ranking.ask_to_lock,
    ranking.lock,
    deciding.show,
    deciding.decide,
    deciding.ask_to_publish,
    deciding.publish,
    feedback_letters.show,
    feedback_letters.keep,
    feedback_letters.send,
    feedback_letters.read,
    meeting.show,
    meeting.pair,
    meeting.compare,
    call_results.show,
    call_results.gallery,
    call_results.as_json,
    call_results.as_csv,
    administration.show,
    administration.new,
    administration.make,
    administration.edit,
    administration.change,
    administration.ask,
    administration.invite,
    administration.end_invitation,
    administration.withdraw,
    sign_in.show,
    sign_in.ask,
    sign_in.sent,
    sign_in.offer,
    sign_in.spend,
    account.show,
    account.leave,
    account.show_sessions,
    account.end_sessions,
    account.show_name,
    account.call,
    keeping.show_check,
    keeping.show_sheet,
    keeping.keep_check,
    keeping.keep_sheet,
    security_txt.show,
    health,
    ready,
)


def build_app(*, secure_cookies: bool, stopping: Callable[[], bool] = lambda: False) -> Litestar:
    """The application. `stopping` says when streams should end, so that they do not hold up a shutdown."""
    return Litestar(
        route_handlers=[
            *ROUTES,
            create_static_files_router(path="/static", directories=[STATIC], guards=[requires(anyone)]),
        ],
        middleware=[
            DefineMiddleware(SessionMiddleware, secure=secure_cookies),
            DefineMiddleware(CsrfMiddleware, secure=secure_cookies),
        ],
        before_request=check_request,
        before_send=[add_security_headers, logs.log_access],
        exception_handlers={Exception: handler(problems.show)},
        lifespan=[_connections],
        state=State({"stopping": stopping}),
        request_max_body_size=MAX_BODY,
        openapi_config=None,
        logging_config=None,
    )


async def check_request(request: AnyRequest) -> None:
    """What every page relies on: a language that we speak, and no more forms than one client may send.

    Raises:
        NotFoundException: we do not speak the language in the path, or it has a sign that PostgreSQL refuses (NUL).
        TooManyRequestsError: too many forms.
    """
    if request.path_params.get("language", DEFAULT) not in NAMES or "\0" in request.scope["path"]:
        raise NotFoundException
    if request.method not in SAFE_METHODS:
        count = settings.current().writes_per_client_per_hour
        await limits.take("writes", client_of(request), count, timedelta(hours=1))


@asynccontextmanager
async def _connections(_app: Litestar) -> AsyncIterator[None]:
    catalogue.current()  # a broken one ends the start; one renewed beneath a running portal must not meet old code
    async with database.pool():
        yield
    jobs.disconnect()
