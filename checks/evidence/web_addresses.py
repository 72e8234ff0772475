"""At which addresses the front page can be found."""

from dataclasses import dataclass

from checks.evidence.lookups import HostAddresses


@dataclass(frozen=True, slots=True)
class WebAddresses:
    """The addresses of the domain and of its www name, whether or not they have any."""

    hosts: tuple[HostAddresses, ...]
