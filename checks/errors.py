"""What can be wrong with what we were asked to check; the portal and the command translate these."""


class UnusableDomainError(ValueError):
    """The text cannot be checked as a domain. `code` is stable and part of the public interface.

    Codes: `not-a-domain`, `ip-address`, `single-label`, `no-such-domain`, `opted-out`.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


class AddressNotPublicError(Exception):
    """The guard refused an address: not public unicast, and not allowed by the operator."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class TooManyCallsError(OSError):
    """We ourselves call that address too much right now, for other inspections; it has done nothing wrong."""


class CalledEnoughError(OSError):
    """One inspection has made all the connections that it may make; the server has done nothing wrong."""


class CardError(Exception):
    """A card is malformed; raised when cards are loaded, so that none is ever half shown."""
