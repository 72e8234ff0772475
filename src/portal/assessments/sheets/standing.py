"""What a sheet comes to, worked out beside the event loop (a plan takes a solver) and remembered for each state."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor

from portal.assessments.catalogue import Catalogue
from portal.assessments.sheets.assessing import assess
from portal.assessments.sheets.result import Limits, Result
from portal.assessments.sheets.storage import KeptSheet

KEPT = 200
"""Results in memory."""

_kept: OrderedDict[Hashable, Result] = OrderedDict()
_solvers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="plan")


async def standing(kept: KeptSheet, catalogue: Catalogue) -> Result:
    """The score, and the plan within what the owner would spend."""
    sheet = kept.as_of(catalogue)
    limits = Limits(kept.row.budget_eur, kept.row.minutes)
    key = (
        *(frozenset(part.items()) for part in (sheet.profile, sheet.answers)),
        *(catalogue.version, sheet.done, limits.budget_eur, limits.minutes),
        tuple(each.ended.id for each in kept.domains if each.ended is not None),
    )
    if key not in _kept:
        loop = asyncio.get_running_loop()
        _kept[key] = await loop.run_in_executor(_solvers, assess, catalogue, sheet, kept.inspected, limits)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]
