"""Everybody who may ask, and the things that they may ask for, as real rows."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from challenge.defaults import begun
from portal.accounts import totp
from portal.accounts.cities import by_slug
from portal.accounts.tables import (
    Authenticator,
    City,
    Invitation,
    Membership,
    Organisation,
    Passkey,
    Person,
    Role,
    RoleKind,
    SignInLink,
)
from portal.assessments import queries
from portal.assessments.catalogue import current
from portal.assessments.sheets import reports, storage
from portal.assessments.tables import AnswerSheet, Assessment, Report, SheetReport, Stage
from portal.calls.service import kept
from portal.calls.tables import Call, CallCity, CallVersion
from portal.exports.tickets import Ticket, Whose
from portal.programme import snapshots
from portal.sharing.tables import Audience, Badge, ShareLink
from portal.watching.tables import Watch, Watcher
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.assessments.solutions.awarding import awarded
from tests.portal.matrix import contest
from tests.portal.matrix.contest import Contest, Secrets
from tests.portal.matrix.policy import What, Who
from tests.portal.pages.answering import everything, sheet_with
from tests.portal.pages.asking import DOMAIN, keep
from tests.portal.signing import city, firm_of, give_role, person, startup_of

ABSENT = "a" * 32
SOON = timedelta(days=20)
OWN_CITY, OTHER_CITY = "helsinki", "new-york"
CITIES = {What.OURS: OWN_CITY, What.THEIRS: OTHER_CITY, What.CROSSED: OWN_CITY}
CALLS = {What.OURS: contest.OURS, What.TEAMS: contest.OURS, What.THEIRS: contest.THEIRS, What.CROSSED: contest.THEIRS}
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
    """`files`: by whose they are, the tokens of a check and a sheet. `links`: by the first part of their path.

    `invitations`: one for each, to say no to. `named_by_forms`: what forms name, by the first part of their path.
    """

    people: dict[Who, Person]
    files: dict[What, tuple[str, str]]
    organisations: dict[What, UUID]
    links: dict[str, str]
    sheets: dict[What, UUID]
    invitations: dict[Who, UUID]
    contests: dict[What, Contest]
    named_by_forms: dict[tuple[str, What], dict[str, str]]

    def named(self, path: str, what: What) -> str:
        """The path with everything that it names put in."""
        names = {
            "{language:str}": "en",
            "{token:str}": self._token(path, what),
            "{organisation:uuid}": str(self.organisations.get(what, UUID(int=7))),
            "{call:str}": CALLS.get(what, "absent-2026"),
            "{event:uuid}": str(self._event(what)),
            "{entry:uuid}": str(UUID(int=7) if what is What.ABSENT else self.contests[What.OURS].entry),
            "{kind:str}": "info",
            "{solution:uuid}": self.links["solution"] if what is What.OURS else str(UUID(int=7)),
            "{number:int}": "1",
            "{part:str}/{item:str}": "criteria/effective",
            "{part:str}": "jury",
            "{field:str}": "deck",
            "{city:str}": CITIES.get(what, "atlantis"),
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

    def fields(self, path: str, what: What, who: Who) -> dict[str, str]:
        """What a form of that path holds, or its query."""
        if path.endswith("/share/end"):
            return {"link": _link_of(self._token(path, what))}
        if "/call/{call:str}/" in path and what in self.contests:
            return self.contests[what].fields(path)
        if "/organisation/" in path or "/city/" in path or "/administration" in path:
            return self.named_by_forms.get((path.split("/")[2], what), {})
        if path.endswith("/me/data/keep"):
            return {"of": str(self.sheets.get(what, UUID(int=7)))}
        if path.endswith("/me/invitations"):
            return {"invitation": str(self.invitations[who])}
        return _FORMS.get(path, {})

    def _event(self, what: What) -> UUID:
        whose = What.THEIRS if what is What.CROSSED else what
        return self.contests[whose].event if whose in self.contests else UUID(int=7)

    def _token(self, path: str, what: What) -> str:
        if "/q/" in path or "/a/" in path:
            return self.files[what]["/q/" in path] if what in self.files else ABSENT
        kind = "confirm" if "/w/confirm/" in path else path.split("/")[2] if path.count("/") > 1 else ""
        kind = "s/check" if path.endswith("/s/{token:str}/check") else kind
        return self.links.get(kind, ABSENT) if what is What.OURS else ABSENT


def _address(who: Who) -> str:
    """Jurors under a domain of their own: colleagues of a team would be too close to it."""
    where = "jury" if who in {Who.JUROR, Who.JUROR_WITHOUT} else "matrix"
    return f"{who.name.lower()}@{where}.example"


async def made() -> World:
    """One with everybody and everything in it."""
    people = {who: await person(_address(who), name=who.name) for who in Who}
    organisations = {
        What.OURS: await firm_of(people[Who.OWNER], people[Who.MEMBER]),
        What.THEIRS: await firm_of(people[Who.OTHER_OWNER], await person("plumber@matrix.example"), name="Putki"),
        What.TEAMS: await startup_of(people[Who.LEAD], people[Who.ENTRANT], name=Secrets().team),
    }
    cities = {What.OURS: await city(OWN_CITY), What.THEIRS: await city(OTHER_CITY)}
    await city("tampere", "Tampere")
    await _roles(people, cities)
    for each in people.values():
        secret = totp.sealed(totp.new_secret(), each.id)
        await Authenticator(person=each.id, secret=secret, confirmed_at=datetime.now(UTC)).save()
        await Passkey(person=each.id, credential=each.id.bytes, public_key=b"key", name="Phone").save()
    solution = await awarded(await startup_of(await person("won@won.example")), await by_slug(OWN_CITY))
    files = {
        What.OURS: await _files(organisations[What.OURS]),
        What.THEIRS: await _files(organisations[What.THEIRS]),
        What.NOBODYS: await _files(None),
    }
    await snapshots.go()
    links = await _links(files[What.NOBODYS][0])
    links["solution"] = str(solution)
    tokens = {what: (check.token, sheet.token) for what, (check, sheet) in files.items()}
    return World(
        people,
        tokens,
        {what: row.id for what, row in organisations.items()},
        links,
        {what: sheet.id for what, (_, sheet) in files.items()},
        {
            who: await _invited(each, role=RoleKind.JUROR.value, city=cities[What.THEIRS].id)
            for who, each in people.items()
        },
        {
            What.OURS: await contest.begun(
                contest.OURS, cities[What.OURS], organisations[What.TEAMS], people[Who.JUROR]
            ),
            What.THEIRS: await contest.begun(
                contest.THEIRS,
                cities[What.THEIRS],
                await startup_of(await person("far@far.example"), name="Far Works"),
                await person("far@jury.example"),
            ),
        },
        await _named_by_forms(people[Who.JUROR], organisations, cities),
    )


async def _named_by_forms(
    juror: Person, organisations: dict[What, Organisation], cities: dict[What, City]
) -> dict[tuple[str, What], dict[str, str]]:
    guest = await person("guest@matrix.example")
    role = await Role.select(Role.id).where(Role.person == juror.id).first()
    found = {
        ("administration", what): {"invitation": str(await _invited(guest, role=RoleKind.ADMINISTRATOR.value)), **given}
        for what, given in ((What.NOTHING, {"given": str(role["id"])}),)
    }
    for what, where in cities.items():
        asked = await _invited(await person(f"{where.slug}@matrix.example"), role=RoleKind.JUROR.value, city=where.id)
        other = next(each for each in cities.values() if each.id != where.id)
        judge = await give_role(await person(f"judge@{where.slug}.example"), RoleKind.JUROR, where)
        found["city", what] = {
            "invitation": str(asked),
            "given": str(judge.id),
            "joining": str(await _asked_to_join(where, other)),
            "asked": other.slug,
        }
    for what, firm in organisations.items():
        colleague = Membership.select(Membership.id).where(Membership.organisation == firm.id)
        member = await colleague.where(Membership.is_owner.eq(False)).first()  # noqa: FBT003 - a column's value
        found["organisation", what] = {
            "invitation": str(await _invited(guest, organisation=firm.id)),
            "member": str(member["id"]),
        }
    return found


async def _asked_to_join(where: City, lead: City) -> UUID:
    """The city is asked to make a call that another one leads and that is not published yet."""
    call = Call(slug=f"asks-{where.slug}")
    await call.save()
    said = begun({"en": "Together"}, ("en",), {"pilot"}, datetime.now(UTC), datetime.now(UTC) + SOON)
    await CallVersion(call=call.id, number=1, terms=kept(said), edits=1).save()
    await CallCity(call=call.id, city=lead.id, leads=True).save()
    row = CallCity(call=call.id, city=where.id, is_asked=True)
    await row.save()
    return row.id


async def _invited(guest: Person, **to: object) -> UUID:
    row = Invitation(
        address=guest.address,
        address_hash=guest.address_hash,
        expires_at=datetime.now(UTC) + SOON,
        **to,
    )
    await row.save()
    return row.id


async def _roles(people: dict[Who, Person], cities: dict[What, City]) -> None:
    own, other = cities[What.OURS], cities[What.THEIRS]
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
    offers = await queries.offers_now("en")
    for for_others in (False, True):
        await Report(
            assessment=check.id,
            language="en",
            for_others=for_others,
            offers=offers,
            status=Stage.DONE.value,
            pdf=b"%PDF",
        ).save()
    kept = await storage.by_id(sheet.id)
    state = reports.state(kept, offers)
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
    signs_in = SignInLink(
        token_hash=hashed, address="newcomer@matrix.example", language="en", wanted="{}", expires_at=now + SOON
    )
    await signs_in.save()
    return {
        "sign-in": CONFIRMS,
        "s": _link_of(check.token),
        "s/check": await _share(uuid4().hex, Audience.LETTER, assessment=check.id),
        "b": badge.token,
        "w": watcher.token,
        "confirm": CONFIRMS,
        "calendar": f"{Ticket(Whose.CHECK, check.id).text()}.ics",
    }
