"""The one way out: DNS questions to the operator's resolver, and connections to vetted addresses."""

import asyncio
import contextlib
import errno
import socket
from collections import Counter
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from checks.addresses import AddressGuard, VettedAddress
from checks.errors import AddressNotPublicError, CalledEnoughError, TooManyCallsError
from checks.evidence.lookups import Answer, HostAddresses, Lookup, Reach
from checks.gather.politeness import Politeness
from checks.gather.resolving import Question, Resolution, Resolver, parse_resolver
from checks.gather.transport import exchange
from checks.records.dns_query import wire_name

if TYPE_CHECKING:
    import dns.message

__all__ = ["Network", "Resolver", "parse_resolver", "reach_of", "system_resolvers"]

CONNECT_S = 6.0
READ_LIMIT = 64 * 1024
MAX_AT_ONCE = 64
MAX_CONNECTIONS = 60
"""TCP connections of one inspection to all servers together, port scans aside; whoever comes first gets them. Visits to
web servers (30) and their TLS (16), four mail servers at two addresses each (8) and zone transfers (6) are just that
many: something goes without only at a domain with the most of everything, where attempts are repeated besides."""
MAX_QUESTIONS = 1000
"""In one inspection; a zone that keeps sending us on (SPF, MX, aliases) must not make us anybody's flood."""

_NO_WAY_OUT = {errno.ENETUNREACH, errno.EACCES, errno.EPERM, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}

_REACHES: Mapping[type[BaseException], Reach] = {
    AddressNotPublicError: Reach.NOT_PUBLIC,
    TooManyCallsError: Reach.BUSY_HERE,
    CalledEnoughError: Reach.CALLED_ENOUGH,
    TimeoutError: Reach.TIMEOUT,
    ConnectionRefusedError: Reach.REFUSED,
}


def system_resolvers(path: Path = Path("/etc/resolv.conf")) -> tuple[Resolver, ...]:
    """The resolvers this machine is set up with, as in resolv.conf(5). Empty where there are none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    words = (line.split() for line in lines)
    return tuple(Resolver(word[1]) for word in words if len(word) > 1 and word[0] == "nameserver")


class _Asked(Struct, eq=False):
    """A question that was put, and how many still wait for its answer."""

    answer: asyncio.Task[Answer]
    waiting: int = 0


class Network:
    """Everything one inspection may do to the outside, with its limits; answers are kept for its lifetime.

    `contact` is where the operator can be reached: an address of a page or of mail, told to the servers we call.
    `politeness` is shared with the other inspections of this process; without it this one keeps an account alone.
    `registries`: base URLs of RDAP services by top-level domain, ahead of those that we know ourselves.
    `calls` counts the connections, and the datagrams with questions, to each address and port. `until` is when all of
    it ends, by the event loop's clock; None for no end.
    """

    def __init__(
        self,
        guard: AddressGuard,
        resolvers: tuple[Resolver, ...],
        contact: str = "",
        politeness: Politeness | None = None,
        registries: Mapping[str, str] | None = None,
    ) -> None:
        self.guard = guard
        self.contact = contact
        self.resolvers = resolvers
        self.politeness = politeness or Politeness()
        self.registries = registries or {}
        self._resolution = Resolution(resolvers)
        self._asked: dict[Question, _Asked] = {}
        self._kept: dict[tuple[str, str], datetime] = {}
        self._ending: set[asyncio.Task[Any]] = set()
        self._slots = asyncio.Semaphore(MAX_AT_ONCE)
        self._may_call = asyncio.Event()
        self._may_call.set()
        self.calls: Counter[tuple[str, int]] = Counter()
        self._connections = 0
        self.until: float | None = None

    def limit(self, within_s: float) -> None:
        """Sets the end of everything: by then each question and connection has ended, whatever the others do."""
        self.until = asyncio.get_running_loop().time() + within_s

    def deadline(self, within_s: float) -> float:
        """When something ends that starts now and may take that long, by the event loop's clock."""
        own = asyncio.get_running_loop().time() + within_s
        return own if self.until is None else min(own, self.until)

    def hold(self) -> None:
        """From now on only the resolver is called, until `release`: the domain may have asked to be left alone."""
        self._may_call.clear()

    def release(self) -> None:
        """Whoever waits to call may do so."""
        self._may_call.set()

    async def leave(self) -> None:
        """Waits until calling is allowed. Whatever reaches for an address of the domain's waits here first."""
        await self._may_call.wait()

    async def ask(self, name: str, rdtype: str, *, signatures: bool = False) -> Answer:
        """The answer to one question, asked once however often it is wanted. Never raises for the network.

        With `signatures` the answer has its RRSIGs and its `authenticated` means something. A question whose
        last asker was cancelled, or has no more time, is given up.
        """
        question = Question(name if name == "." else name.lower().removesuffix("."), rdtype, signatures)
        asked = self._asked.get(question)
        if asked is None:
            asked = self._asked[question] = _Asked(asyncio.create_task(self._ask(question)))
        asked.waiting += 1
        try:
            async with asyncio.timeout_at(self.until):
                return await asyncio.shield(asked.answer)
        except TimeoutError:
            return Answer(question.name, question.rdtype, Lookup.TIMEOUT)
        finally:
            asked.waiting -= 1
            if not asked.waiting and not asked.answer.done():
                self._abandon(question, asked.answer)

    def kept_until(self, name: str, rdtype: str) -> datetime | None:
        """Until when the resolver may give the answer that it gave us, even if the zone changes meanwhile.

        Aware UTC; None where the question was not put, or the reply does not say.
        """
        return self._kept.get((name.lower().removesuffix("."), rdtype))

    async def addresses(self, host: str) -> HostAddresses:
        """The host's addresses, both families side by side, each vetted."""
        v4, v6 = await asyncio.gather(self.ask(host, "A"), self.ask(host, "AAAA"))
        vetted: list[VettedAddress] = []
        refused: list[str] = []
        for text in (*v4.records, *v6.records):
            try:
                vetted.append(self.guard.vet(text))
            except AddressNotPublicError:
                refused.append(text)
        return HostAddresses(host, v4, v6, tuple(vetted), tuple(refused))

    async def connect(
        self, address: VettedAddress, port: int, *, timeout_s: float = CONNECT_S
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A TCP connection whose reader keeps at most READ_LIMIT bytes.

        The time for connecting begins when it is our turn at that address (see `Politeness`).

        Raises:
            OSError: refused or unreachable (TimeoutError where nobody answered), or more than MAX_CONNECTIONS; see
                `reach_of`.
        """
        async with asyncio.timeout_at(self.until):
            await self.leave()
            self._count(address.text, port, connection=True)
            await self.politeness.take(address.text)
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=READ_LIMIT)
        protocol = asyncio.StreamReaderProtocol(reader)
        with contextlib.ExitStack() as stack:
            own = stack.enter_context(_Socket(address, self.politeness))
            async with asyncio.timeout_at(self.deadline(timeout_s)):
                await loop.sock_connect(own, (address.text, port))
                transport, _ = await loop.create_connection(lambda: protocol, sock=own)
            stack.pop_all()
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)

    async def put(
        self, query: "dns.message.Message", address: VettedAddress, port: int, *, timeout_s: float
    ) -> "dns.message.Message":
        """What the name server at that address itself replies; a reply that cannot be read is an empty FORMERR.

        It takes a turn at the address, but nothing of the minute's allowance (see `Politeness`): any resolver that
        looks up the domain puts more such questions to the same server.

        Raises:
            OSError: refused or unreachable (TimeoutError where nobody answered); see `reach_of`.
        """
        from checks.gather.replies import parse_reply  # noqa: PLC0415 - start-up: loaded while questions travel

        wire = query.to_wire()
        async with asyncio.timeout_at(self.until):
            await self.leave()
            async with self.politeness.turn(address.text, calls=0):
                async with asyncio.timeout(timeout_s):
                    received = await exchange(
                        wire, address.text, port, lambda tcp: self._count(address.text, port, connection=tcp)
                    )
        return parse_reply(wire, received)

    def see_off(self, farewell: Coroutine[Any, Any, None]) -> None:
        """Ends a conversation politely while everything else goes on; `close` waits for it."""
        self._end(asyncio.create_task(farewell))

    async def close(self) -> None:
        """Waits until farewells are said and every abandoned question has let go of its socket.

        What others wait for goes on.
        """
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _count(self, address: str, port: int, *, connection: bool) -> None:
        """Raises CalledEnoughError where it would be one connection too many."""
        if connection and self._connections >= MAX_CONNECTIONS:
            raise CalledEnoughError
        self._connections += connection
        self.calls[address, port] += 1

    def _abandon(self, question: Question, answer: asyncio.Task[Answer]) -> None:
        answer.cancel()
        del self._asked[question]
        self._end(answer)

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _ask(self, question: Question) -> Answer:
        if not _can_be_asked(question.name):
            return Answer(question.name, question.rdtype, Lookup.FAILED, rcode="BADNAME")
        if len(self._asked) > MAX_QUESTIONS:
            return Answer(question.name, question.rdtype, Lookup.FAILED, rcode="TOOMANY")
        async with self._slots:
            reply = await self._resolution.put(question)
        if reply is None:
            return Answer(question.name, question.rdtype, Lookup.TIMEOUT)
        from checks.gather.replies import kept_for_s, read_answer  # noqa: PLC0415 - the same

        kept_s = kept_for_s(question.name, question.rdtype, reply.message)
        if kept_s:
            self._kept[question.name, question.rdtype] = datetime.now(UTC) + timedelta(seconds=kept_s)
        return read_answer(question.name, question.rdtype, reply)


class _Socket(socket.socket):
    """A TCP socket that gives our turn at its address back when it is closed, whoever closes it."""

    def __init__(self, address: VettedAddress, politeness: Politeness) -> None:
        self._turn: tuple[Politeness, str] | None = (politeness, address.text)
        try:
            family = socket.AF_INET6 if address.is_ipv6 else socket.AF_INET
            super().__init__(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        except OSError:
            self._end_turn()
            raise
        self.settimeout(0)

    def close(self) -> None:
        super().close()
        self._end_turn()

    def _end_turn(self) -> None:
        if self._turn is not None:
            politeness, address = self._turn
            self._turn = None
            politeness.give_back(address)


def _can_be_asked(name: str) -> bool:
    """Whether the name, perhaps found in somebody's record, fits into a question at all."""
    if not name.isascii() or name in {"", "@"}:  # what the library would silently make something else of
        return False
    try:
        wire_name(name)
    except ValueError:
        return False
    return True


def reach_of(error: BaseException) -> Reach:
    """What a failed connection says. A name that failed to be vetted is NOT_PUBLIC."""
    for kind, reach in _REACHES.items():
        if isinstance(error, kind):
            return reach
    no_way_out = isinstance(error, OSError) and error.errno in _NO_WAY_OUT
    return Reach.BLOCKED_HERE if no_way_out else Reach.FAILED
