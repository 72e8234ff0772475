"""Everybody who may ask, and the things that they may ask for, as real rows."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from portal.accounts.tables import Organisation, Person, RoleKind
from portal.assessments.catalogue import current
from portal.assessments.sheets import reports, storage
from portal.assessments.tables import AnswerSheet, Assessment, Report, SheetReport, Stage
from portal.exports.tickets import Ticket, Whose
from portal.sharing.tables import Audience, Badge, ShareLink
from portal.watching.tables import Watch, Watcher
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.matrix.policy import What, Who
from tests.portal.pages.answering import everything, sheet_with
from tests.portal.pages.asking import DOMAIN, keep
from tests.portal.signing import city, firm_of, give_role, person, startup_of

ABSENT = "a" * 32
SOON = timedelta(days=20)
OWN_CITY, OTHER_CITY = "helsinki", "new-york"
CONFIRMS = "what-the-link-in-the-letter-holds"
_FORMS: dict[str, dict[str, str]] = {
    "/{language:str}/a/{token:str}/again": {"finding": f"{NO_DMARC.id} {NO_DMARC.subject}"},
    "/{language:str}/a/{token:str}/wrong": {"check": NO_DMARC.id, "subject": NO_DMARC.subject, "message": "Not so."},
    "/{language:str}/q/{token:str}/domain/again": {"domain": DOMAIN},
    "/{language:str}/q/{token:str}/domain/remove": {"domain": DOMAIN},
    "/{language:str}/q/{token:str}/plan/done": {"fix": next(iter(current().fixes)), "done": "yes"},
    "/{language:str}/s/{token:str}/check": {"domain": DOMAIN, "mine": "yes"},
    "/{language:str}/w/{token:str}": {"domain": DOMAIN, "do": "go-on"},
}
"""What a form of that path holds, where an empty one names nothing that there is."""
BY_SCRIPT = {
    "/{language:str}/q/{token:str}/plan/looked",
    "/{language:str}/q/{token:str}/report/state",
    "/{language:str}/s/{token:str}/report",
}
"""What scripts ask for again and again: anybody else is led to the page itself, which has a guard of its own."""


@dataclass(frozen=True, slots=True)
class World:
    """`files`: by whose they are, the tokens of a check and a sheet. `links`: by the first part of their path."""

    people: dict[Who, Person]
    files: dict[What, tuple[str, str]]
    organisations: dict[What, UUID]
    links: dict[str, str]

    def named(self, path: str, what: What) -> str:
        """The path with everything that it names put in."""
        names = {
            "{language:str}": "en",
            "{token:str}": self._token(path, what),
            "{organisation:uuid}": str(self.organisations.get(what, UUID(int=7))),
            "{city:str}": {What.OURS: OWN_CITY, What.THEIRS: OTHER_CITY}.get(what, "atlantis"),
            "{question:str}": current().questions[0].id,
            "{audience:str}": "report",
            "{form:str}": "data.json",
            "{name:str}": "check.json",
            "{ticket:str}": self.links["calendar"] if what is What.OURS else f"{ABSENT}.ics",
            "{file_path:path}": "/portal.css",
        }
        for name, text in names.items():
            path = path.replace(name, text)
        assert "{" not in path, path
        return path.replace("/static//", "/static/")

    def fields(self, path: str, what: What) -> dict[str, str]:
        """What a form of that path holds, or its query."""
        if path.endswith("/share/end"):
            return {"link": _link_of(self._token(path, what))}
        return _FORMS.get(path, {})

    def _token(self, path: str, what: What) -> str:
        if "/q/" in path or "/a/" in path:
            return self.files[what]["/q/" in path] if what in self.files else ABSENT
        kind = "confirm" if "/w/confirm/" in path else path.split("/")[2] if path.count("/") > 1 else ""
        kind = "s/check" if path.endswith("/s/{token:str}/check") else kind
        return self.links.get(kind, ABSENT) if what is What.OURS else ABSENT


async def made() -> World:
    """One with everybody and everything in it."""
    people = {who: await person(f"{who.name.lower()}@matrix.example", name=who.name) for who in Who}
    organisations = {
        What.OURS: await firm_of(people[Who.OWNER], people[Who.MEMBER]),
        What.THEIRS: await firm_of(people[Who.OTHER_OWNER], name="Putki"),
        What.TEAMS: await startup_of(people[Who.LEAD], people[Who.ENTRANT]),
    }
    await _roles(people)
    files = {
        What.OURS: await _files(organisations[What.OURS]),
        What.THEIRS: await _files(organisations[What.THEIRS]),
        What.NOBODYS: await _files(None),
    }
    links = await _links(files[What.NOBODYS][0])
    tokens = {what: (check.token, sheet.token) for what, (check, sheet) in files.items()}
    return World(people, tokens, {what: row.id for what, row in organisations.items()}, links)


async def _roles(people: dict[Who, Person]) -> None:
    own, other = await city(OWN_CITY), await city(OTHER_CITY)
    for who in (Who.JUROR, Who.JUROR_WITHOUT):
        await give_role(people[who], RoleKind.JUROR, own)
    for who in (Who.ORGANISER, Who.ORGANISER_WITHOUT):
        await give_role(people[who], RoleKind.ORGANISER, own)
    await give_role(people[Who.OTHER_ORGANISER], RoleKind.ORGANISER, other)
    for who in (Who.ADMINISTRATOR, Who.ADMINISTRATOR_WITHOUT):
        await give_role(people[who], RoleKind.ADMINISTRATOR)


async def _files(firm: Organisation | None) -> tuple[Assessment, AnswerSheet]:
    """A check and a sheet with everything that can be made of them."""
    check = await keep(NO_DMARC)
    sheet = await sheet_with(everything(0), check)
    mine = firm.id if firm is not None else None
    await Assessment.update({Assessment.firm: mine}).where(Assessment.id == check.id)
    await AnswerSheet.update({AnswerSheet.firm: mine}).where(AnswerSheet.id == sheet.id)
    for for_others in (False, True):
        await Report(
            assessment=check.id, language="en", for_others=for_others, status=Stage.DONE.value, pdf=b"%PDF"
        ).save()
    kept = await storage.by_id(sheet.id)
    state = reports.state(kept)
    await SheetReport(sheet=sheet.id, language="en", state=state, status=Stage.DONE.value, pdf=b"%PDF").save()
    await _share(_link_of(check.token), Audience.REPORT, assessment=check.id)
    await _share(_link_of(sheet.token), Audience.REPORT, sheet=sheet.id)
    return check, sheet


def _link_of(token: str) -> str:
    return f"link-{token}"[:64]


async def _share(token: str, audience: Audience, **of: UUID) -> str:
    until = datetime.now(UTC) + SOON
    await ShareLink(token=token, audience=audience.value, language="en", expires_at=until, **of).save()
    return token


async def _links(check: Assessment) -> dict[str, str]:
    now = datetime.now(UTC)
    badge = Badge(token=uuid4().hex, domain=DOMAIN, assessment=check.id, expires_at=now + SOON)
    watcher = Watcher(token=uuid4().hex, address="reader@matrix.example", address_hash="h", language="en")
    for row in (badge, watcher):
        await row.save()
    hashed = hashlib.sha256(CONFIRMS.encode()).hexdigest()
    await Watch(
        watcher=watcher.id, domain="other.test", language="en", confirm_hash=hashed, confirm_until=now + SOON
    ).save()
    await Watch(watcher=watcher.id, domain=DOMAIN, language="en", confirmed_at=now, ends_at=now + SOON).save()
    return {
        "s": _link_of(check.token),
        "s/check": await _share(uuid4().hex, Audience.LETTER, assessment=check.id),
        "b": badge.token,
        "w": watcher.token,
        "confirm": CONFIRMS,
        "calendar": f"{Ticket(Whose.CHECK, check.id).text()}.ics",
    }
