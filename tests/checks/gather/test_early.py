import asyncio
from contextlib import aclosing

import pytest

from checks.addresses import AddressGuard
from checks.contract import Consent
from checks.errors import UnusableDomainError
from checks.gather import early
from checks.gather.early import begin, prepare
from checks.gather.network import Network
from checks.gather.sources import SOURCES
from checks.inspection import inspect
from checks.request import Request
from tests.checks.gather.responder import answer, responding

ASKED = Request("kahvila.fi", Consent(probes=True))


async def test_early_questions_are_those_of_the_inspection() -> None:
    async with responding(answer) as responder:
        begun = await begin(ASKED, Network(AddressGuard(()), (responder.resolver,)))
        await asyncio.sleep(0.1)
        await begun.close()
        asked_early = set(responder.asked)
        assert len(asked_early) > len(early.OF_THE_DOMAIN)
        network = Network(AddressGuard(()), (responder.resolver,))
        responder.queries.clear()
        async with aclosing(inspect(ASKED, network)) as findings:
            async for _ in findings:
                pass
        assert asked_early - set(responder.asked) == set()


async def test_early_questions_are_not_put_again() -> None:
    async with responding(answer) as responder:
        network = Network(AddressGuard(()), (responder.resolver,))
        begun = await begin(ASKED, network)
        async with aclosing(inspect(ASKED, network, begun=begun)) as findings:
            async for _ in findings:
                pass
        assert set(responder.asked.values()) == {1}


def test_first_sources_are_those_of_the_whole_table() -> None:
    assert {kind: SOURCES[kind] for kind in early.FIRST_SOURCES} == dict(early.FIRST_SOURCES)


async def test_nobody_is_asked_about_a_domain_that_the_operator_leaves_alone() -> None:
    async with responding(answer) as responder:
        network = Network(AddressGuard(()), (responder.resolver,))
        with pytest.raises(UnusableDomainError) as refusal:
            await begin(Request("www.kahvila.fi", opted_out=("kahvila.fi",)), network)
        await asyncio.sleep(0.05)
        assert (refusal.value.code, list(responder.queries)) == ("opted-out", [])


async def test_no_server_is_called_before_it_is_known_that_nobody_objects() -> None:
    async with responding(answer) as responder:
        network = Network(AddressGuard(()), (responder.resolver,))
        gathering = prepare(ASKED, network)
        leaving = asyncio.create_task(network.leave())
        await asyncio.sleep(0)
        assert not leaving.done()
        gathering.start(early.OptOut)
        await asyncio.wait_for(leaving, 5)
        await gathering.close()
