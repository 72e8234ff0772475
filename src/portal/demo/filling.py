"""Fills an empty installation with the whole demonstration, at once or not at all; the audit log says that it did."""

from portal.audit import service as audit
from portal.audit.tables import Action
from portal.database import rows, transaction
from portal.demo import awarding, calling, cast, entering, firms, judging, meeting, piloting, texts
from portal.errors import NotEmptyError

FIRMS = 180
_TABLES = ("person", "city", "organisation", "answer_sheet", "assessment", "call", "audit_entry", "letter")
_USED = " UNION ALL ".join(f"SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM {name})" for name in _TABLES)  # noqa: S608 - ours


async def fill(count: int = FIRMS) -> None:
    """Everything, in one transaction. `count`: of firms.

    Raises:
        NotEmptyError: somebody has used this installation.
    """
    async with transaction():
        if await rows(_USED):
            raise NotEmptyError
        everybody = await cast.made()
        sheet = await firms.owned(everybody)
        await firms.programme(everybody, count)
        said = texts.calls()
        finished = await calling.place(said.finished, everybody)
        await entering.handed_in(finished, texts.entries("finished"), everybody)
        await awarding.to_winners(finished, said.finished.days, everybody)
        await piloting.begin(finished, sheet, everybody)
        judged = await calling.place(said.screening, everybody)
        await entering.handed_in(judged, texts.entries("screening"), everybody)
        await judging.half_way(judged, everybody)
        going_on = await calling.place(said.open, everybody)
        await entering.drafted(going_on, texts.entries("open"), everybody)
        await meeting.beside(going_on, everybody)
        await audit.record(Action.DEMO_FILLED, audit.OPERATOR, firms=count)


async def is_filled() -> bool:
    """Whether the audit log says that this installation holds the demonstration."""
    return bool(await rows("SELECT 1 AS one FROM audit_entry WHERE action = {}", Action.DEMO_FILLED.value))
