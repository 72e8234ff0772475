"""A small real DNS server on loopback: every domain exists, with two name servers and addresses in 127/8.

The guard refuses those addresses, so a check of any domain sends nothing else anywhere.
"""

import socket
import threading
import time
from types import TracebackType
from typing import Self

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

TTL = 60


class Responder:
    """Answers each question after `delay_s`; `texts` are TXT records by full name, `missing` names do not exist."""

    def __init__(self, delay_s: float = 0.0) -> None:
        self.delay_s = delay_s
        self.texts: dict[str, str] = {}
        self.missing: set[str] = set()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))

    @property
    def address(self) -> str:
        """As KYBERKUNTO_RESOLVERS takes it."""
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                packet, asker = self._socket.recvfrom(4096)
            except OSError:
                return
            threading.Thread(target=self._answer, args=(packet, asker), daemon=True).start()

    def _answer(self, packet: bytes, asker: tuple[str, int]) -> None:
        query = dns.message.from_wire(packet)
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        if any(name == gone or name.endswith(f".{gone}") for gone in self.missing):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        else:
            for value in self._records(name, kind):
                reply.answer.append(dns.rrset.from_text(question.name, TTL, "IN", kind, value))
        time.sleep(self.delay_s)
        try:
            self._socket.sendto(reply.to_wire(), asker)
        except OSError:
            return

    def _records(self, name: str, kind: str) -> list[str]:
        if name in self.texts and kind == "TXT":
            return [f'"{self.texts[name]}"']
        if kind == "A":
            return ["127.0.0.2"]
        if kind == "NS" and name.count(".") == 1:
            return ["ns1.hosting.example."]
        return []
