"""How a domain's score has gone: every check of its line, as a chart and as a table."""

from litestar import get
from litestar.params import FromPath

from portal.accounts.permissions import knows_address
from portal.assessments import queries
from portal.assessments.history import history_of, newer_of
from portal.assessments.history_chart import HEIGHT, WIDTH, chart
from portal.pages.page import AnyRequest, Page, page
from portal.web.guards import requires
from portal.web.sessions import viewer_of


@get("/{language:str}/a/{token:str}/history", guards=[requires(knows_address)])
async def show(request: AnyRequest, language: FromPath[str], token: FromPath[str]) -> Page:
    """The checks from which this one was asked again, and itself; the newest stands first in the table."""
    assessment = await queries.by_token(token, viewer_of(request))
    history = await history_of(assessment)
    context = {
        "domain": assessment.domain,
        "token": token,
        "history": history,
        "newer": await newer_of(assessment),
        "chart": chart(history),
        "width": WIDTH,
        "height": HEIGHT,
    }
    return page(request, language, "history/show.html", context)
