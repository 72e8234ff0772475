"""Patience with resolvers: whom to ask, how long to wait, and when a failure is a failure."""

import asyncio
import ipaddress
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from checks.gather.transport import exchange
from checks.records.dns_query import dns_query

if TYPE_CHECKING:
    from checks.gather.replies import Reply

TRIES_S = (2.0, 3.0, 5.0)
"""How long each round of a question waits; the sum is the longest that silence holds anybody up."""
HEAD_START_S = 0.25
"""How long the resolver asked first is alone; a dead one costs each question no more than this, and only at first."""
PAUSE_S = 0.5
"""Between rounds where nothing listens at all: a resolver that is just being restarted."""


class Resolver(Struct, frozen=True):
    """The operator's own resolver, which alone is exempt from the guard."""

    address: str
    port: int = 53

    def __str__(self) -> str:
        """As it is shown in reports: `198.18.0.53` or `198.18.0.53:5353`."""
        return self.address if self.port == 53 else f"{self.address}:{self.port}"  # noqa: PLR2004 - DNS's own port


def parse_resolver(text: str) -> Resolver:
    """A resolver as `IP`, `IPv4:PORT` or `[IPv6]:PORT`. Raises ValueError."""
    host, port = text.strip(), 53
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = int(rest.removeprefix(":")) if rest else port
    elif host.count(":") == 1:
        host, _, number = host.partition(":")
        port = int(number)
    if not 0 < port < 65536:  # noqa: PLR2004 - the range of ports
        raise ValueError(f"no such port: {port}")
    return Resolver(str(ipaddress.ip_address(host)), port)


class Question(Struct, frozen=True):
    """What is asked. `signatures`: with DNSSEC OK (RFC 4035, section 3.2.1), so that the reply's AD bit counts."""

    name: str
    rdtype: str
    signatures: bool


class Resolution(Struct, eq=False):
    """Puts questions to several resolvers; the one that replied last is asked first."""

    resolvers: tuple[Resolver, ...]
    _preferred: Resolver | None = None
    _given_up: bool = False

    async def put(self, question: Question) -> "Reply | None":
        """The first real answer; else a reply that is none, such as SERVFAIL; None where all were silent.

        Once a question met only silence and nobody has ever replied, later ones are not put at all.
        """
        if self._given_up:
            return None
        attempts: set[_Attempt] = set()
        try:
            reply = await self._race(question, attempts)
        finally:
            for attempt in attempts:
                attempt.cancel()
            await asyncio.gather(*attempts, return_exceptions=True)
        if reply is not None:
            self._preferred = reply.resolver
        self._given_up = reply is None and self._preferred is None
        return reply

    async def _race(self, question: Question, running: set["_Attempt"]) -> "Reply | None":
        """Asks by the schedule; an attempt that is still waiting stays in the race when the next one starts."""
        now = asyncio.get_running_loop().time
        poor: Reply | None = None
        for resolver, wait_s, last in self._schedule():
            running.add(asyncio.create_task(_attempt(question, resolver)))
            until = now() + wait_s
            while running and (left_s := until - now()) > 0:
                done, _ = await asyncio.wait(running, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
                running.difference_update(done)
                for reply in (attempt.result() for attempt in done):
                    if reply is not None and reply.is_answer:
                        return reply
                    poor = poor or reply
            if last and poor is not None:
                break
            if last and not running:
                await asyncio.sleep(PAUSE_S)
        return poor

    def _schedule(self) -> Iterator[tuple[Resolver, float, bool]]:
        """Whom to ask, how long until the next is asked as well, and whether the round ends with it."""
        if not self.resolvers:
            return
        *others, last = sorted(self.resolvers, key=lambda resolver: resolver != self._preferred)
        for round_s in TRIES_S:
            head_start = min(HEAD_START_S, round_s / len(self.resolvers))
            for resolver in others:
                yield resolver, head_start, False
            yield last, round_s - head_start * len(others), True


_Attempt: TypeAlias = "asyncio.Task[Reply | None]"


async def _attempt(question: Question, resolver: Resolver) -> "Reply | None":
    """One resolver's reply; None where nothing listens there.

    A validating resolver refuses what it cannot validate, but gives it with checking disabled (RFC 4035,
    section 3.2.2). Unless it says itself that validation is to blame, it is asked once more: a name server that
    hiccuped must not pass for forged data.
    """
    try:
        refusal = await _put(question, resolver)
        if not refusal.is_failure or refusal.blames_validation is False:
            return refusal
        unchecked = await _put(question, resolver, checking=False)
        if not unchecked.is_answer:
            return refusal
        again = refusal if refusal.blames_validation else await _put(question, resolver)
    except OSError:
        return None
    return again if again.is_answer else replace(unchecked, bogus=True)


async def _put(question: Question, resolver: Resolver, *, checking: bool = True) -> "Reply":
    message_id = int.from_bytes(os.urandom(2))
    query = dns_query(message_id, question.name, question.rdtype, signatures=question.signatures, checking=checking)
    received = await exchange(query, resolver.address, resolver.port)
    from checks.gather.replies import Reply, parse_reply  # noqa: PLC0415 - start-up: loaded while questions travel

    return Reply(parse_reply(query, received), resolver)
