"""At which addresses the front page can be found."""

from msgspec import Struct

from checks.evidence.lookups import HostAddresses


class WebAddresses(Struct, frozen=True):
    """The addresses of the domain and of its www name, whether or not they have any."""

    hosts: tuple[HostAddresses, ...]
