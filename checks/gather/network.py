"""The one way out: DNS questions to the operator's resolver, and connections to vetted addresses."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset
from dns.rdtypes.ANY.RRSIG import RRSIG

from checks.addresses import AddressGuard, VettedAddress
from checks.errors import AddressNotPublicError
from checks.evidence.lookups import Answer, HostAddresses, Lookup, Reach, Signature

TRIES_S = (2.0, 3.0, 5.0)
"""How long each try of a question waits; the sum is the longest a silent resolver holds anybody up."""
CONNECT_S = 6.0
READ_LIMIT = 64 * 1024
MAX_QUESTIONS = 64

_HOST_TYPES = {"NS", "CNAME", "PTR"}


@dataclass(frozen=True, slots=True)
class Resolver:
    """The operator's own resolver, which alone is exempt from the guard."""

    address: str
    port: int = 53

    def __str__(self) -> str:
        """As it is shown in reports: `198.18.0.53` or `198.18.0.53:5353`."""
        return self.address if self.port == 53 else f"{self.address}:{self.port}"  # noqa: PLR2004 - DNS's own port


def system_resolvers() -> tuple[Resolver, ...]:
    """The resolvers this machine is set up with. Empty where there are none."""
    try:
        configured = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        return ()
    return tuple(Resolver(str(server), configured.port) for server in configured.nameservers)


@dataclass(slots=True)
class Network:
    """Everything one inspection may do to the outside, with its limits; answers are kept for its lifetime."""

    guard: AddressGuard
    resolvers: tuple[Resolver, ...]
    _asked: dict[tuple[str, str, bool], asyncio.Task[Answer]] = field(default_factory=dict)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_QUESTIONS))

    async def ask(self, name: str, rdtype: str, *, signatures: bool = False) -> Answer:
        """The answer to one question, asked once however often it is wanted. Never raises for the network.

        Where the resolver fails, the question is put again with checking disabled (RFC 4035, section 3.2.2):
        an answer then is marked `bogus`.
        """
        key = (name.lower().rstrip(".") or ".", rdtype, signatures)
        if key not in self._asked:
            self._asked[key] = asyncio.create_task(self._ask(*key))
        return await asyncio.shield(self._asked[key])

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

        Raises:
            OSError: refused or unreachable (TimeoutError where nobody answered); see `reach_of`.
        """
        async with asyncio.timeout(timeout_s):
            return await asyncio.open_connection(address.text, port, limit=READ_LIMIT)

    async def _ask(self, name: str, rdtype: str, signatures: bool) -> Answer:  # noqa: FBT001 - private
        if not _can_be_asked(name):
            return Answer(name, rdtype, Lookup.FAILED, rcode="BADNAME")
        async with self._slots:
            reply = await self._exchange(name, rdtype, dns.flags.RD | dns.flags.AD, signatures)
            bogus = False
            if reply is not None and reply.rcode() == dns.rcode.SERVFAIL:
                unchecked = await self._exchange(name, rdtype, dns.flags.RD | dns.flags.CD, signatures)
                if unchecked is not None and unchecked.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
                    reply, bogus = unchecked, True
        if reply is None:
            return Answer(name, rdtype, Lookup.TIMEOUT)
        return _read(name, rdtype, reply, bogus=bogus)

    async def _exchange(
        self,
        name: str,
        rdtype: str,
        flags: int,
        signatures: bool,  # noqa: FBT001 - private
    ) -> dns.message.Message | None:
        """One question, put to each resolver in turn and again with more patience. None where all were silent."""
        query = dns.message.make_query(name, rdtype, flags=flags, want_dnssec=signatures, payload=1232)
        answers: list[dns.message.Message] = []
        for wait_s in TRIES_S:
            for resolver in self.resolvers:
                reply = await _put(query, resolver, wait_s)
                if reply is not None and reply.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
                    return reply
                if reply is not None:
                    answers.append(reply)
            if answers:
                return answers[0]
        return None


def _can_be_asked(name: str) -> bool:
    """Whether the name, perhaps found in somebody's record, fits into a question at all."""
    try:
        dns.name.from_text(name)
    except dns.exception.DNSException:
        return False
    return True


async def _put(query: dns.message.Message, resolver: Resolver, wait_s: float) -> dns.message.Message | None:
    try:
        reply, _tcp = await dns.asyncquery.udp_with_fallback(
            query, resolver.address, timeout=wait_s, port=resolver.port, ignore_unexpected=True, ignore_errors=True
        )
    except (OSError, dns.exception.DNSException, EOFError, ValueError):
        return None
    return reply


def _read(name: str, rdtype: str, reply: dns.message.Message, *, bogus: bool) -> Answer:
    """One reply as an answer. A reply that is none (SERVFAIL, REFUSED, a broken chain) is FAILED."""
    rcode = dns.rcode.to_text(reply.rcode())
    authenticated = bool(reply.flags & dns.flags.AD)
    wanted = dns.rdatatype.from_text(rdtype)
    alias = _alias(name, reply)
    owner = dns.name.from_text(alias or name)
    rrset = reply.get_rrset(reply.answer, owner, reply.question[0].rdclass, wanted) if reply.question else None
    if reply.rcode() == dns.rcode.NXDOMAIN:
        lookup = Lookup.NO_NAME
    elif reply.rcode() != dns.rcode.NOERROR:
        lookup = Lookup.FAILED
    else:
        lookup = Lookup.FOUND if rrset else Lookup.NO_DATA
    records = tuple(_text(rdata, rdtype) for rdata in rrset) if rrset else ()
    signed = tuple(
        _signature(rdata) for group in reply.answer if group.rdtype == dns.rdatatype.RRSIG for rdata in group
    )
    return Answer(name, rdtype, lookup, records, authenticated, bogus, alias, rcode, signed)


def _alias(name: str, reply: dns.message.Message) -> str | None:
    """Where the CNAMEs in the reply lead from the name, at most 16 steps."""
    targets = {group.name: group[0].target for group in reply.answer if group.rdtype == dns.rdatatype.CNAME}
    at = dns.name.from_text(name)
    for _ in range(16):
        if at not in targets:
            break
        at = targets[at]
    found = at.to_text(omit_final_dot=True).lower()
    return None if found == name else found


def _text(rdata: object, rdtype: str) -> str:
    if rdtype == "TXT":
        return b"".join(rdata.strings).decode("utf-8", "replace")  # type: ignore[attr-defined]
    text = str(rdata)
    return text.lower().removesuffix(".") if rdtype in _HOST_TYPES else text


def _signature(rdata: RRSIG) -> Signature:
    return Signature(
        covers=dns.rdatatype.to_text(rdata.type_covered),
        algorithm=int(rdata.algorithm),
        key_tag=rdata.key_tag,
        signer=rdata.signer.to_text(omit_final_dot=True).lower(),
        inception=datetime.fromtimestamp(rdata.inception, UTC),
        expiration=datetime.fromtimestamp(rdata.expiration, UTC),
    )


def reach_of(error: BaseException) -> Reach:
    """What a failed connection says. A name that failed to be vetted is NOT_PUBLIC."""
    match error:
        case AddressNotPublicError():
            return Reach.NOT_PUBLIC
        case TimeoutError():
            return Reach.TIMEOUT
        case ConnectionRefusedError():
            return Reach.REFUSED
        case _:
            return Reach.FAILED
