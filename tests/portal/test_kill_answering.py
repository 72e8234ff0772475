"""kill -9 of the server while firms answer the questionnaire: whatever the server said yes to is kept."""

import os
import random
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

import httpx
import pytest

from portal.assessments.catalogue import current
from tests.conftest import SOAK
from tests.portal.conftest import KINDS, new_installation
from tests.portal.responder import Responder
from tests.portal.serving import Serving, serving, wait_for

KILLS = 200 if SOAK else 2
FIRMS = 4
"""So many answer at once."""
MOST = "1000000"

Question = tuple[str, tuple[str, ...]]
"""Its id, and the ids of its answers."""


@pytest.fixture(scope="module", params=KINDS)
def portal_in_use(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("answering")
    with Responder() as resolver:
        installation = new_installation(request.param, folder, resolver.address)
        environment = {
            **installation.environment,
            "KYBERKUNTO_SHEETS_PER_CLIENT_PER_HOUR": MOST,
            "KYBERKUNTO_WRITES_PER_CLIENT_PER_HOUR": MOST,
        }
        with serving(environment, folder / "log") as running:
            yield running


@dataclass
class Firm:
    """An owner who goes through the questionnaire again and again, and remembers what the server took."""

    browser: httpx.Client
    questions: tuple[Question, ...]
    dice: random.Random
    over: threading.Event
    taken: dict[tuple[str, str], str] = field(default_factory=dict)
    """The answer to which the response came, by sheet and question: each question is answered until one came."""
    begun: set[str] = field(default_factory=set)
    cut_off: int = 0
    failure: BaseException | None = None

    def run(self) -> None:
        """Answers until it is over."""
        try:
            with self.browser:
                while not self.over.is_set():
                    self.fill_in(self.insist(self.begin))
        except BaseException as error:  # noqa: BLE001 - told by the test, whose thread is another
            self.failure = error

    def fill_in(self, token: str) -> None:
        """One whole sheet, each question once."""
        self.begun.add(token)
        for question, answers in self.questions:
            if self.over.is_set():
                return
            # Each try has an answer of its own: what is kept must be the one that was taken, not one of a try before.
            tries = cycle(self.dice.sample(answers, len(answers)))
            self.taken[token, question] = self.insist(lambda q=question, t=tries: self.answer(token, q, next(t)))  # type: ignore[misc]

    def insist(self, act: Callable[[], str]) -> str:
        """Tries until there is a response."""
        while True:
            try:
                return act()
            except httpx.ConnectError:
                time.sleep(0.1)  # nobody is there yet
            except httpx.HTTPError:
                self.cut_off += 1

    def begin(self) -> str:
        """A new sheet's token."""
        return self.send("/en/questions", {}).rpartition("/")[2]

    def answer(self, token: str, question: str, answer: str) -> str:
        """Answers by the question's own form; the answer, once the server took it."""
        self.send(f"/en/q/{token}/{question}", {"answer": answer})
        return answer

    def send(self, page: str, fields: dict[str, str]) -> str:
        """Opens a page and sends its form; where that leads to."""
        shown = self.browser.get(page)
        found = re.search(r'name="_csrf" value="([^"]+)"', shown.text)
        assert found is not None, (page, shown.status_code, shown.text[:300])
        response = self.browser.post(page, data={**fields, "_csrf": found.group(1)})
        assert response.status_code == 303, (page, response.status_code, response.text[:300])
        return str(response.headers["location"])


def kill_all(portal: Serving) -> None:
    """Lets a separate process send SIGKILL to the parent, the web and the worker at once, and starts anew."""
    assert portal.process is not None
    assert os.getpgid(portal.child("web")) == portal.process.pid
    subprocess.run(["kill", f"-{signal.SIGKILL.value}", "--", f"-{portal.process.pid}"], check=True)
    portal.process.wait()
    portal.launch()


def kept(portal: Serving) -> dict[tuple[str, str], str]:
    sql = "SELECT s.token, r.question, r.answer FROM reply r JOIN answer_sheet s ON s.id = r.sheet"
    return {(token, question): answer for token, question, answer in portal.rows(sql)}


def questions_of_everybody() -> tuple[Question, ...]:
    asked = [*current().profile, *current().questions]
    return tuple((question.id, tuple(answer.id for answer in question.answers)) for question in asked)


@pytest.mark.soak
def test_killed_server_loses_no_answer_that_it_took(
    portal_in_use: Serving, record_property: Callable[[str, object], None]
) -> None:
    portal, dice, over = portal_in_use, random.Random(), threading.Event()  # noqa: S311 - any moments will do
    asked = questions_of_everybody()
    firms = [
        Firm(httpx.Client(base_url=portal.url, timeout=30), asked, random.Random(), over)  # noqa: S311 - any answers
        for _ in range(FIRMS)
    ]
    threads = [threading.Thread(target=firm.run, daemon=True) for firm in firms]
    for thread in threads:
        thread.start()
    try:
        for number in range(KILLS):
            before = sum(len(firm.taken) for firm in firms)
            wait_for(lambda before=before: any_more(firms, before), portal.log)  # type: ignore[misc]
            time.sleep(dice.uniform(0.0, 0.5))
            if number % 2:
                kill_all(portal)
            else:
                portal.kill("web")
    finally:
        over.set()
    for thread in threads:
        thread.join(60)
    assert [firm.failure for firm in firms] == [None] * FIRMS
    taken = {place: answer for firm in firms for place, answer in firm.taken.items()}
    found = kept(portal)
    lost = {place: (answer, found.get(place)) for place, answer in taken.items() if found.get(place) != answer}
    assert lost == {}
    assert set().union(*(firm.begun for firm in firms)) <= {
        row[0] for row in portal.rows("SELECT token FROM answer_sheet")
    }
    cut_off = sum(firm.cut_off for firm in firms)
    assert cut_off >= KILLS // 2  # the kills came in the midst of it
    record_property("kills", KILLS)
    record_property("answers taken, lost", f"{len(taken)}, {len(lost)}")
    record_property("requests cut off", cut_off)


def any_more(firms: list[Firm], before: int) -> bool:
    """Whether answers are being taken (again). Fails where somebody met another error than a broken connection."""
    assert [firm.failure for firm in firms] == [None] * len(firms)
    return sum(len(firm.taken) for firm in firms) > before
