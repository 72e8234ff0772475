import hashlib
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import backups, database, settings
from portal.errors import BackupError
from portal.mail.tables import Letter, LetterStage
from portal.settings import Settings
from tests.conftest import SOAK
from tests.portal.conftest import KINDS, Installation, new_installation
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving, wait_for

CYCLES = 20 if SOAK else 1
BUSY = 3
ALL_DONE_S = 240.0


@pytest.fixture(scope="module", params=KINDS)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, responder: Responder
) -> Installation:
    return new_installation(request.param, tmp_path_factory.mktemp("backups"), responder.address)


@pytest.fixture
def chosen(place: Installation) -> Settings:
    place.bind()
    return settings.current()


@pytest.fixture
def busy(place: Installation, tmp_path: Path) -> Iterator[tuple[Serving, list[str]]]:
    """The portal under load: browsers that start checks as fast as they can, and what they were promised."""
    environment = {
        **place.environment,
        "KYBERKUNTO_CHECKS_PER_CLIENT_PER_HOUR": "1000000",
        "KYBERKUNTO_WRITES_PER_CLIENT_PER_HOUR": "1000000",
    }
    stop = threading.Event()
    promised: list[str] = []
    with serving(environment, tmp_path / "log") as portal:

        def ask(browser: int) -> None:
            number = 0
            while not stop.is_set():
                number += 1
                token = portal.start_check(f"shop{browser}-{number}.fi")
                if token:
                    promised.append(token)

        threads = [threading.Thread(target=ask, args=(browser,)) for browser in range(BUSY)]
        for thread in threads:
            thread.start()
        yield portal, promised
        stop.set()
        for thread in threads:
            thread.join()


def content(portal: Serving) -> dict[str, str]:
    """Each ended check with a digest of everything found in it."""
    done = [token for (token,) in portal.rows("SELECT token FROM assessment WHERE status = 'done'")]
    digests: dict[str, str] = {}
    for token, *finding in portal.rows(
        "SELECT a.token, f.seq, f.check_id, f.subject, f.outcome, CAST(f.evidence AS TEXT) FROM finding f "
        "JOIN assessment a ON a.id = f.assessment ORDER BY a.token, f.seq"
    ):
        digests[token] = hashlib.sha256((digests.get(token, "") + repr(finding)).encode()).hexdigest()
    return {token: digests.get(token, "") for token in done}


def wait_for_more(promised: list[str], portal: Serving) -> None:
    seen = len(promised)
    wait_for(lambda: len(promised) > seen + 5, portal.log)


@pytest.mark.soak
def test_backup_under_load_restores_everything_of_its_moment(
    busy: tuple[Serving, list[str]], chosen: Settings, tmp_path: Path
) -> None:
    portal, promised = busy
    for cycle in range(CYCLES):
        wait_for_more(promised, portal)
        before, ended_before = list(promised), content(portal)
        backups.back_up(chosen, tmp_path / "backup.tar")
        wait_for_more(promised, portal)
        portal.stop()
        ended_later = content(portal)
        backups.restore(chosen, tmp_path / "backup.tar")
        restored = content(portal)
        assert ended_before.items() <= restored.items() <= ended_later.items(), cycle
        assert set(before) <= {token for (token,) in portal.rows("SELECT token FROM assessment")}
        promised.clear()  # what was promised after the backup is gone with it
        portal.start()
        wait_for(lambda: set(before) <= set(content(portal)), portal.log, ALL_DONE_S)  # noqa: B023 - asked at once


async def test_letter_that_was_under_way_in_a_backup_is_not_sent_again(
    place: Installation, chosen: Settings, tmp_path: Path
) -> None:
    async with database.pool():
        waiting, gone = (Letter(kind="sheet-link", language="fi", recipient=f"{name}@kahvila.test") for name in "ab")
        gone.status = LetterStage.SENT.value
        for letter in (waiting, gone):
            await letter.save()
    backups.back_up(chosen, tmp_path / "backup.tar")
    backups.restore(chosen, tmp_path / "backup.tar")
    place.bind()
    async with database.pool():
        kept = {row["id"]: (row["status"], row["recipient"]) for row in await Letter.select()}
    assert kept[waiting.id] == ("unknown", "")
    assert kept[gone.id][0] == "sent"


def test_restore_is_refused_while_the_portal_runs(
    busy: tuple[Serving, list[str]], chosen: Settings, tmp_path: Path
) -> None:
    portal, _ = busy
    backups.back_up(chosen, tmp_path / "backup.tar")
    with pytest.raises(BackupError, match="running"):
        backups.restore(chosen, tmp_path / "backup.tar")
    assert portal.ready()["database"] is True


def test_strange_file_is_refused_and_changes_nothing(chosen: Settings, tmp_path: Path) -> None:
    strange = tmp_path / "strange.tar"
    strange.write_bytes(b"not a tar file at all" * 1000)
    with pytest.raises(BackupError):
        backups.restore(chosen, strange)
    with tarfile.open(strange, "w") as archive:
        archive.add(__file__, "something.py")
    with pytest.raises(BackupError, match="not a backup"):
        backups.restore(chosen, strange)


def test_damaged_copy_is_refused_and_changes_nothing(place: Installation, chosen: Settings, tmp_path: Path) -> None:
    backups.back_up(chosen, tmp_path / "backup.tar")
    whole = (tmp_path / "backup.tar").read_bytes()
    (tmp_path / "backup.tar").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupError):
        backups.restore(chosen, tmp_path / "backup.tar")
    backups.back_up(chosen, tmp_path / "backup.tar")
    assert place.kind
