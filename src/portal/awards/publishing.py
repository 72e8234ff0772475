"""What the public sees, and when: finalists, winners, gallery. Each stage once, whole, and unchangeable."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct

from challenge.terms import PhaseKind
from portal.assessments.solutions import service as solutions
from portal.assessments.solutions.service import Award
from portal.audit import service as audit
from portal.audit.tables import Action
from portal.awards import bundle, decisions, impartial, reading, standings
from portal.awards.impartial import Acting
from portal.awards.tables import Publication, Stage, Verdict
from portal.awards.telling import Told, ToldEntry, told
from portal.calls.service import KnownCall
from portal.database import now, rows
from portal.entries import service as entries
from portal.errors import AlreadyDoneError, NotAllowedError, NotReadyError
from portal.juries import service as juries
from portal.juries.service import KnownRound

PUBLIC = {Verdict.FINALIST, Verdict.WINNER, Verdict.PILOT}
"""Whom the public is told of. Who was not chosen is named nowhere."""

_PUBLISH = """
    INSERT INTO publication (id, call, stage, content, bundle, digest, by, published_at)
    VALUES ({}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (call, stage) DO NOTHING RETURNING id
"""


class Published(Struct, frozen=True):
    """One stage. `bundle`: its JSON as it is served, `digest`: SHA-256 of its bytes; both empty of the gallery."""

    stage: Stage
    told: Told
    bundle: str
    digest: str
    published_at: datetime


async def of_call(call: UUID) -> dict[Stage, Published]:
    """By stage, everything that is public."""
    found = await Publication.objects().where(Publication.call == call)
    return {Stage(row.stage): _published(row) for row in found}


async def gallery(call: KnownCall) -> Published:
    """The gallery, without those whose team has said no since, or is gone.

    Raises:
        NotAllowedError: it is not published.
    """
    found = (await of_call(call.id)).get(Stage.GALLERY)
    if found is None:
        raise NotAllowedError
    agree = {str(each.id) for each in await entries.submitted(call.id) if each.shows_gallery}
    return msgspec.structs.replace(found, told=Told(tuple(each for each in found.told.entries if each.id in agree)))


def stages(call: KnownCall) -> tuple[Stage, ...]:
    """Those that a call has, in their order."""
    has_final = call.terms.phase(PhaseKind.FINAL) is not None
    return (Stage.FINALISTS, Stage.WINNERS, Stage.GALLERY) if has_final else (Stage.WINNERS, Stage.GALLERY)


async def readiness(call: KnownCall, stage: Stage) -> str:
    """Why a stage cannot be published yet; empty where it can.

    `before`: the stage before it is not published. `unlocked`: its round is not locked. `undecided`: an entry is not
    decided. `reasons`: a decision says no reason. `none`: nobody is chosen. `many`: more winners than the call says.
    `nobody`: nobody agreed to stand in the gallery. `cancelled`: the call is.
    """
    order, public = stages(call), await of_call(call.id)
    if call.cancelled_at is not None:
        return "cancelled"
    if any(each not in public for each in order[: order.index(stage)]):
        return "before"
    if stage is Stage.GALLERY:
        return "" if any(each.shows_gallery for each in await entries.submitted(call.id)) else "nobody"
    rounds = await rounds_for(call, stage)
    return await _decided(call, rounds[-1]) if rounds else "unlocked"


async def rounds_for(call: KnownCall, stage: Stage) -> Sequence[KnownRound]:
    """The locked rounds of which a stage tells, its own the last; none while that is not locked."""
    found = await juries.rounds_of(call.id)
    own = next((each for each in found if decisions.stage(call.terms, each.kind) is stage), None)
    if own is None or own.locked_at is None:
        return ()
    return found[: found.index(own) + 1]


async def publish(acting: Acting, stage: Stage) -> Published:
    """Publishes a stage: from then on everybody sees it, and nothing of it changes.

    Raises:
        NotReadyError: as `readiness` says.
        AlreadyDoneError: it is published.
        NotAllowedError: the call has no such stage, or the viewer may not.
    """
    call = acting.call
    if stage not in stages(call):
        raise NotAllowedError
    async with impartial.deciding(acting):
        if stage in await of_call(call.id):
            raise AlreadyDoneError
        code = await readiness(call, stage)
        if code:
            raise NotReadyError(code)
        content = Told(tuple(await _entries(call, stage)))
        text = "" if stage is Stage.GALLERY else await bundle.made(call, await rounds_for(call, stage))
        digest = hashlib.sha256(text.encode()).hexdigest() if text else ""
        moment = await now()
        kept = (msgspec.json.encode(content).decode(), json.dumps(text), digest, acting.viewer.pseudonym, moment)
        if not await rows(_PUBLISH, uuid4(), call.id, stage.value, *kept):
            raise AlreadyDoneError
        if stage is Stage.WINNERS:
            await _award(call, content, moment)
        about = {"stage": stage.value, "entries": len(content.entries), "digest": digest}
        await audit.record(Action.PUBLISHED, acting.viewer.pseudonym, f"call:{call.slug}", **about)
    return Published(stage, content, text, digest, moment)


async def _award(call: KnownCall, content: Told, moment: datetime) -> None:
    """From here on reports tell of what was awarded, where it closes a gap."""
    zone, taking_part = call.lead.zone, {str(each.id): each for each in await entries.submitted(call.id)}
    for each in content.entries:
        entry = taking_part[each.id]
        made = Award(
            organisation=entry.organisation,
            entry=entry.id,
            call=call.slug,
            challenge=call.terms.title,
            cities=call.cities,
            on=moment.astimezone(zone).date(),
            submitted_on=entry.submitted_at.astimezone(zone).date(),
            piloted=each.verdict == Verdict.PILOT,
        )
        await solutions.award(made, entry.content)


async def _entries(call: KnownCall, stage: Stage) -> list[ToldEntry]:
    taking_part = await entries.submitted(call.id)
    if stage is Stage.GALLERY:
        return [told(call, each, None) for each in taking_part if each.shows_gallery]
    decided = await decisions.of_round((await rounds_for(call, stage))[-1].id)
    verdicts = {entry: choice.verdict for entry, choice in decided.items() if choice.verdict in PUBLIC}
    return [told(call, each, verdicts[each.id]) for each in taking_part if each.id in verdicts]


async def _decided(call: KnownCall, round_: KnownRound) -> str:
    decided, made, chosen = await decisions.of_round(round_.id), await standings.of_round(round_.id), 0
    for track in call.terms.tracks:
        numbers = {each.id: each.number for each in await reading.entered(round_, track.id)}
        own = {entry: decided[entry] for entry in numbers if entry in decided}
        if len(own) < len(numbers):
            return "undecided"
        if numbers and decisions.without_reason(made[track.id].ranking, numbers, own):
            return "reasons"
        if sum(choice.verdict is Verdict.WINNER for choice in own.values()) > track.winners:
            return "many"
        chosen += sum(choice.verdict in PUBLIC for choice in own.values())
    return "" if chosen else "none"


def _published(row: Publication) -> Published:
    content = msgspec.json.decode(row.content, type=Told)
    return Published(Stage(row.stage), content, json.loads(row.bundle), row.digest, row.published_at)
