from checks.addresses import AddressGuard
from checks.contract import Consent
from checks.gather.early import ask_early
from checks.gather.network import Network
from checks.inspection import Request, inspect
from tests.checks.gather.responder import answer, responding


async def test_early_questions_are_those_of_the_inspection() -> None:
    async with responding(answer) as responder:
        for question in await ask_early(Network(AddressGuard(()), (responder.resolver,)), "kahvila.fi"):
            await question
        early = set(responder.asked)
        assert early
        network = Network(AddressGuard(()), (responder.resolver,))
        responder.queries.clear()
        async for _ in inspect(Request("kahvila.fi", Consent(probes=True)), network):
            pass
        assert early - set(responder.asked) == set()


async def test_early_questions_are_not_put_again() -> None:
    async with responding(answer) as responder:
        network = Network(AddressGuard(()), (responder.resolver,))
        await ask_early(network, "kahvila.fi")
        async for _ in inspect(Request("kahvila.fi", Consent(probes=True)), network):
            pass
        assert set(responder.asked.values()) == {1}
