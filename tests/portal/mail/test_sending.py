"""The worker as a process of its own: sends what is queued, comes again, and is killed in the middle of it."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from dbos import DBOSClient

from portal import jobs, settings
from portal.mail import service
from portal.mail.tables import Kind, Letter
from tests.conftest import SOAK
from tests.portal.conftest import Installation
from tests.portal.mail.conftest import PUBLIC_URL, mail_settings
from tests.portal.mail.post_office import ADDRESS, PostOffice
from tests.portal.test_worker import until, worker

ROUNDS = 50 if SOAK else 2
OPEN = {"queued", "handing-over"}


async def written(recipient: str = ADDRESS) -> UUID:
    letter = await service.send(Kind.SHEET_LINK, "fi", recipient, {"link": f"{PUBLIC_URL}/fi/q/secret-token"})
    found: UUID = letter.id
    return found


async def status(letter_id: UUID) -> str:
    [found] = await Letter.select(Letter.status, Letter.recipient, Letter.about).where(Letter.id == letter_id)
    if found["status"] not in OPEN:
        assert (found["recipient"], found["about"]) == ("", "{}")
    return str(found["status"])


async def ended(letter_id: UUID) -> str:
    async def has_ended() -> bool:
        return await status(letter_id) not in OPEN

    await until(has_ended)
    return await status(letter_id)


def log_of(portal: Installation) -> Path:
    return Path(portal.environment["KYBERKUNTO_VAR"]) / "worker.log"


def kept_by_the_queue() -> str:
    """Everything that the jobs' database knows of the letters' jobs."""
    client = DBOSClient(system_database_url=jobs.database_url(settings.current()))
    try:
        found = client.list_workflows(name=jobs.LETTER)
        return str([(vars(job), client.list_workflow_steps(job.workflow_id)) for job in found])
    finally:
        client.destroy()


async def test_queued_letter_is_sent_and_its_address_stands_nowhere_else(
    portal: Installation, office: PostOffice
) -> None:
    log_of(portal).unlink(missing_ok=True)
    letter = await written()
    refused = await written("nobody@kahvila.test")
    office.answers["DATA"] = ["250 OK", "550 5.1.1 <nobody@kahvila.test> is unknown here"]
    with worker(portal, **mail_settings(office.port), KYBERKUNTO_LOG_LEVEL="DEBUG"):
        outcomes = {await ended(letter), await ended(refused)}
    assert outcomes == {"sent", "failed"}
    said = log_of(portal).read_text()
    assert "letter sent" in said
    assert "letter refused" in said
    for told in (said, kept_by_the_queue()):
        assert str(letter) in told
        assert "@kahvila.test" not in told
        assert "secret-token" not in told


async def test_letter_whose_job_was_never_queued_is_swept_up(portal: Installation, office: PostOffice) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    letter = Letter(
        kind="sheet-link", language="en", recipient=ADDRESS, about='{"link": "x"}', created_at=long_ago, due_at=long_ago
    )
    await letter.save()
    with worker(portal, **mail_settings(office.port)):
        assert await ended(letter.id) == "sent"
    assert len(office.taken) == 1


async def test_letter_that_was_put_off_is_sent_when_it_is_due(portal: Installation, office: PostOffice) -> None:
    office.answers["RCPT"] = ["451 4.7.1 come again", "421 4.7.0 busy"]
    letter = await written()
    with worker(portal, **mail_settings(office.port)):
        for retries in (1, 2):

            async def is_put_off(count: int = retries) -> bool:
                return bool(await Letter.count().where(Letter.id == letter, Letter.retries == count))

            await until(is_put_off)
            assert office.taken == []
            await Letter.update({Letter.due_at: datetime.now(UTC)}).where(Letter.id == letter)  # as if time had passed
        assert await ended(letter) == "sent"
    assert len(office.taken) == 1


async def test_letter_of_a_worker_killed_before_it_handed_over_is_sent_once(
    portal: Installation, office: PostOffice
) -> None:
    office.pause_s["RCPT"] = 3
    letter = await written()
    with worker(portal, **mail_settings(office.port)) as first:
        await until(is_set(office))
        first.kill()
        first.wait()
    assert await status(letter) == "queued"
    office.pause_s["RCPT"] = 0
    with worker(portal, **mail_settings(office.port)):
        assert await ended(letter) == "sent"
    assert [recipient for recipient, _ in office.taken] == [ADDRESS]


async def test_letter_of_a_worker_killed_while_it_handed_over_is_not_sent_again(
    portal: Installation, office: PostOffice
) -> None:
    office.pause_s["DATA"] = 3
    letter = await written()
    with worker(portal, **mail_settings(office.port)) as first:

        async def is_taken() -> bool:
            return bool(office.taken)

        await until(is_taken)
        first.kill()
        first.wait()
    assert await status(letter) == "handing-over"
    office.pause_s["DATA"] = 0
    with worker(portal, **mail_settings(office.port)):
        assert await ended(letter) == "unknown"
    assert len(office.taken) == 1


def is_set(office: PostOffice) -> Callable[[], object]:
    async def has_heard() -> bool:
        return office.heard.is_set()

    return has_heard


@pytest.mark.soak
async def test_worker_killed_at_any_moment_doubles_no_letter(
    portal: Installation, office: PostOffice, record_property: Callable[[str, object], None]
) -> None:
    dice = random.Random()  # noqa: S311 - any moments will do
    office.pause_s = {"RCPT": 0.05, "DATA": 0.05}
    letters: list[UUID] = []
    for _ in range(ROUNDS):
        letters += [await written(f"{number}@kahvila.test") for number in range(len(letters), len(letters) + 3)]
        office.heard.clear()
        with worker(portal, **mail_settings(office.port)) as running:
            await until(is_set(office))
            await asyncio.sleep(dice.uniform(0.0, 0.4))
            running.kill()
            running.wait()
    with worker(portal, **mail_settings(office.port)):
        outcomes = [await ended(letter) for letter in letters]
    received = [recipient for recipient, _ in office.taken]
    assert len(received) == len(set(received))
    for number, outcome in enumerate(outcomes):
        assert outcome in {"sent", "unknown"}
        assert outcome == "unknown" or f"{number}@kahvila.test" in received
    record_property("kills", ROUNDS)
    record_property("letters", len(letters))
    record_property("letters doubled", len(received) - len(set(received)))
    record_property("letters whose way is unknown", outcomes.count("unknown"))
    record_property(
        "of these, received", sum(f"{n}@kahvila.test" in received for n, o in enumerate(outcomes) if o == "unknown")
    )
