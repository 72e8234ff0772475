"""Somebody with one of everything that the portal keeps of people."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from portal import clock, jobs
from portal.accounts import limits
from portal.accounts.tables import (
    Authenticator,
    Invitation,
    Organisation,
    Passkey,
    Person,
    RecoveryCode,
    RoleKind,
    Session,
    SignInLink,
)
from portal.assessments.tables import AnswerSheet, Assessment, CheckLog, Report, SheetReport, Stage
from portal.calls.tables import Call
from portal.entries.tables import Entry, Submission, Upload
from portal.events.tables import Event, Mentorship, Registration, Slot
from portal.juries.tables import Conflict, Juror, Reading, Round, Score
from portal.mail.tables import Letter
from portal.mail_addresses import pseudonym
from portal.privacy.tables import Export, Feedback
from portal.sharing.tables import Audience, Badge, ShareLink
from portal.watching.tables import Watch, Watcher
from tests.portal.assessments.findings import NO_DMARC
from tests.portal.pages.answering import everything, sheet_with
from tests.portal.pages.asking import DOMAIN, keep
from tests.portal.signing import city, firm_of, give_role, person, startup_of

LATER = timedelta(days=20)


@dataclass(slots=True)
class Somebody:
    """`traces`: every text by which something of theirs could be known again."""

    person: Person
    firm: Organisation
    check: Assessment
    sheet: AnswerSheet
    traces: set[str] = field(default_factory=set)


async def somebody(address: str = "Aino.Virtanen@kahvila.example", name: str = "Aino Virtanen") -> Somebody:
    """With a firm of their own."""
    who = await person(address, "fi", name)
    firm = await firm_of(who, name=f"Yritys {name}")
    check, sheet = await _work(firm)
    made = Somebody(who, firm, check, sheet)
    made.traces |= {address, who.address_hash, str(who.id), str(firm.id), firm.name, name}
    made.traces |= {check.token, str(check.id), sheet.token, str(sheet.id)}
    made.traces |= await _account(who) | await _papers(check, sheet) | await _mail(who, sheet) | await _watch(who)
    await jobs.enqueue(jobs.CHECK, check.id)
    return made


async def _work(firm: Organisation) -> tuple[Assessment, AnswerSheet]:
    check = await keep(NO_DMARC)
    sheet = await sheet_with(everything(0), check)
    await Assessment.update({Assessment.firm: firm.id}).where(Assessment.id == check.id)
    await AnswerSheet.update({AnswerSheet.firm: firm.id}).where(AnswerSheet.id == sheet.id)
    return check, sheet


async def _account(who: Person) -> set[str]:
    now, holder = clock.now(), secrets.token_hex(16)
    session = Session(
        id_hash=secrets.token_hex(32), data=json.dumps({"holder": holder}), person=who.id, device="Firefox, Linux",
        expires_at=now + LATER,
    )  # fmt: skip
    credential, secret = secrets.token_bytes(20), secrets.token_bytes(20)
    rows = (
        session,
        Passkey(person=who.id, credential=credential, public_key=b"key", name=f"Avain {who.name}"),
        Authenticator(person=who.id, secret=secret, confirmed_at=now),
        RecoveryCode(person=who.id, code_hash=secrets.token_hex(32)),
        Export(person=who.id, language="fi", status=Stage.DONE.value, archive=b"PK" + who.address.encode()),
        Feedback(language="fi", message="Nappia ei näy.", reply_to=who.address),
        CheckLog(domain=DOMAIN, client="somewhere", person=who.pseudonym, way="page", ground="stated"),
    )
    for row in rows:
        await row.save()
    await give_role(who, RoleKind.ADMINISTRATOR)
    await limits.take("letters-address", who.address_hash, 3, timedelta(days=1))
    await limits.take("organisations", str(who.id), 3, timedelta(days=1))
    return {session.id_hash, holder, credential.hex(), secret.hex(), f"Avain {who.name}", str(rows[4].id)}


async def _papers(check: Assessment, sheet: AnswerSheet) -> set[str]:
    until = clock.now() + LATER
    report = Report(assessment=check.id, language="fi", status=Stage.DONE.value, pdf=b"%PDF Ainola")
    of_sheet = SheetReport(sheet=sheet.id, language="fi", state="1", status=Stage.DONE.value, pdf=b"%PDF Ainola")
    links = [
        ShareLink(
            token=secrets.token_urlsafe(24), audience=Audience.REPORT.value, language="fi", expires_at=until, **of
        )
        for of in ({"sheet": sheet.id}, {"assessment": check.id})
    ]
    badge = Badge(token=secrets.token_urlsafe(24), domain=DOMAIN, assessment=check.id, expires_at=until)
    for row in (report, of_sheet, *links, badge):
        await row.save()
    await jobs.enqueue(jobs.REPORT, report.id)
    await jobs.enqueue(jobs.SHEET_REPORT, of_sheet.id)
    return {badge.token, *(link.token for link in links), *(str(row.id) for row in (report, of_sheet, badge, *links))}


async def _mail(who: Person, sheet: AnswerSheet) -> set[str]:
    until = clock.now() + LATER
    link = {"link": f"https://kyberkunto.test/fi/q/{sheet.token}"}
    guest = f"vieras-{secrets.token_hex(4)}@example.com"
    mine = Letter(recipient=who.address, language="fi", kind="sign-in", about="{}")
    others = Letter(recipient=guest, language="fi", kind="sheet-link", about=json.dumps(link))
    asked = Invitation(
        address=who.address, address_hash=who.address_hash, role="juror", invited_by="x@example.com", expires_at=until
    )
    asks = Invitation(
        address=guest, address_hash=pseudonym(guest), role="juror",
        invited_by=who.address, expires_at=until,
    )  # fmt: skip
    sign_in = SignInLink(token_hash=secrets.token_hex(32), address=who.address, language="fi", expires_at=until)
    for row in (mine, others, asked, asks, sign_in):
        await row.save()
    await jobs.enqueue(jobs.LETTER, mine.id)
    return {sign_in.token_hash}


async def _watch(who: Person) -> set[str]:
    watcher = Watcher(
        token=secrets.token_urlsafe(24), address=who.address, address_hash=who.address_hash, language="fi"
    )
    await watcher.save()
    watch = Watch(watcher=watcher.id, domain=DOMAIN, language="fi", confirmed_at=clock.now(), checking=uuid4())
    await watch.save()
    looked = await keep(NO_DMARC)
    await Assessment.update({Assessment.client: f"watch-{watch.id.hex}"}).where(Assessment.id == looked.id)
    await Watch.update({Watch.newest: looked.id}).where(Watch.id == watch.id)
    return {watcher.token, str(watcher.id), str(watch.id), looked.token, str(looked.id)}


async def enter(made: Somebody) -> Somebody:
    """The same somebody, who has a startup with an entry, sits on a jury, goes to a clinic and advises at one."""
    who = made.person
    startup, other = await startup_of(who, name=f"Kasvu {who.name}"), await startup_of(await person("x@other.example"))
    place, now = await city("helsinki"), clock.now()
    call = Call(slug="2026", version=1, opens_at=now - LATER, deadline=now + LATER)
    await call.save()
    entry = Entry(call=call.id, organisation=startup.id, track="pilot", number=1, submission=1, draft=_said(who))
    theirs = Entry(call=call.id, organisation=other.id, track="pilot", number=2, submission=1)
    handed_in = Submission(
        entry=entry.id, number=1, call_version=1, content=_said(who), digest="d" * 64, by=who.pseudonym,
        receipt=secrets.token_hex(8), key=secrets.token_hex(8),
    )  # fmt: skip
    deck = f"deck of {who.name}".encode()
    upload = Upload(entry=entry.id, field="deck", name="d.pdf", digest="d" * 64, size=1, pages=1, content=deck)
    chosen = Round(call=call.id, kind="screening")
    juror = Juror(call=call.id, person=who.id, city=place.id, number=1, employer=f"Työ {who.name}", invests_in="None")
    conflict = Conflict(juror=juror.id, organisation=startup.id, kind="declared", words=f"Oma, {who.name}")
    reading = Reading(round=chosen.id, juror=juror.id, entry=theirs.id)
    score = Score(reading=reading.id, marks='{"team": 7}', total=70, private_note=f"Muistio, {who.name}", note="Good.")
    clinic = Event(call=call.id, city=place.id, kind="clinic", title='{"en": "Clinic"}')
    slot = Slot(event=clinic.id, mentor=who.id, mentor_name=who.name, mentor_address=who.address)
    comes = Registration(
        event=clinic.id, slot=slot.id, person=who.id, organisation=startup.id, place="taken", language="fi"
    )
    advised = Mentorship(call=call.id, person=who.id, organisation=other.id)  # after they had scored it
    rows = (entry, theirs, handed_in, upload, chosen, juror, conflict, reading, score, clinic, slot, comes, advised)
    for row in rows:
        await row.save()
    made.traces |= {str(startup.id), startup.name, str(entry.id), str(handed_in.id), str(comes.id), str(advised.id)}
    return made


def _said(who: Person) -> str:
    return json.dumps({"title": f"Keksintö, {who.name}"})
