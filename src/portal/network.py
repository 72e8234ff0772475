"""The way out that the operator set up for this portal's checks."""

from functools import cache

from checks.addresses import AddressGuard
from checks.gather.network import Network
from checks.gather.politeness import Politeness
from portal import settings


def network() -> Network:
    """A fresh way out, with no answer kept from before; what is called is told where the operator is found.

    All ways out of one process share the account of what they ask of each address.
    """
    chosen = settings.current()
    return Network(
        AddressGuard(chosen.allow_networks),
        chosen.resolvers_or_system(),
        chosen.operator_contact,
        _politeness(),
        dict(chosen.rdap),
    )


@cache
def _politeness() -> Politeness:
    return Politeness()
