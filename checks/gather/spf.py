"""Asks for the domain's SPF record and for everything it leads to, each question as soon as it is known."""

import asyncio

from checks.evidence.lookups import Answer, Lookup
from checks.evidence.spf import SpfPolicy
from checks.gather.gathering import Gathering
from checks.gather.network import Network
from checks.records.spf_tree import Parsed, Question, walk

MAX_QUESTIONS = 200
"""More than any real policy needs: ten look-ups with ten mail servers each are the most that a receiver does."""
DEADLINE_S = 13.0
"""A chain of dead name servers must not hold up the report; what is still open then counts as timed out."""


async def gather_spf(gathering: Gathering) -> SpfPolicy:
    """The policy as all answers together show it, asked for within DEADLINE_S and MAX_QUESTIONS."""
    answers: dict[Question, Answer] = {}
    asked: dict[Question, asyncio.Task[Answer]] = {}
    parsed: Parsed = {}
    try:
        async with asyncio.timeout(DEADLINE_S):
            await _follow(gathering.domain, gathering.network, answers, asked, parsed)
    except TimeoutError:
        for question in asked.keys() - answers.keys():
            answers[question] = Answer(*question, Lookup.TIMEOUT)
    finally:
        for task in asked.values():
            task.cancel()
        await asyncio.gather(*asked.values(), return_exceptions=True)
    return SpfPolicy(walk(gathering.domain, answers, parsed).root)


async def _follow(
    domain: str,
    network: Network,
    answers: dict[Question, Answer],
    asked: dict[Question, asyncio.Task[Answer]],
    parsed: Parsed,
) -> None:
    """Walks with the answers at hand and asks what the walk wants next, until nothing is left to wait for."""
    while True:
        for question in sorted(walk(domain, answers, parsed).wanted - asked.keys(), key=_policies_first):
            if len(asked) < MAX_QUESTIONS:
                asked[question] = asyncio.create_task(network.ask(*question))
        waiting = [task for question, task in asked.items() if question not in answers]
        if not waiting:
            return
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        answers.update({question: task.result() for question, task in asked.items() if task.done()})


def _policies_first(question: Question) -> tuple[bool, Question]:
    return question[1] != "TXT", question
