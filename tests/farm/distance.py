"""The farm seen from afar: a second network namespace whose packets a relay of ours delays, each way by half.

For kernels without netem: two TUN devices and a process between them that holds every packet back. The farm's namespace
(see tools/own-network) is the far end; `Distance.run` starts commands at the near one. The relay counts the connections
that it sees being opened.

`python -m tests.farm.distance near FD` and `… relay NEAR_FD FAR_FD` are its two helpers.
"""

import array
import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Self

NEAR_ADDRESS = "192.0.2.1"
"""From a block that is meant for examples (RFC 5737): nothing of the farm's is there."""
FARM_NETWORK = "198.18.0.0/15"

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_MTU = 1500
_TCP, _SYN, _ACK = 6, 0x02, 0x10


class Distance:
    """The near end; a context manager. Delays can be changed while it stands."""

    def __enter__(self) -> Self:
        """Makes the namespace, both devices, and the relay, at first without a delay."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._near = subprocess.Popen(
            ["unshare", "--net", sys.executable, "-m", "tests.farm.distance", "near", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.PIPE,
        )
        theirs.close()
        near, far = _receive(ours), _device("far0")
        _ip("link set far0 up", f"route add {NEAR_ADDRESS}/32 dev far0")
        self._relay = subprocess.Popen(
            [sys.executable, "-m", "tests.farm.distance", "relay", str(near), str(far)],
            pass_fds=[near, far],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        os.close(near)
        os.close(far)
        return self

    def __exit__(self, *_: object) -> None:
        """Ends both helpers; the devices go with them."""
        for process in (self._relay, self._near):
            process.kill()
            process.wait()

    def set_round_trip(self, seconds: float) -> None:
        """From now on every packet takes half of that each way."""
        self._say(f"delay {seconds / 2}")

    def connections(self) -> Mapping[str, int]:
        """TCP connections opened from the near end since the last call, by `address:port`."""
        counts: dict[str, int] = json.loads(self._say("counts"))
        return counts

    def command(self, *command: str) -> list[str]:
        """The command line that runs a command at the near end."""
        return ["nsenter", f"--net=/proc/{self._near.pid}/ns/net", "--", *command]

    def _say(self, text: str) -> str:
        assert self._relay.stdin is not None
        assert self._relay.stdout is not None
        self._relay.stdin.write(f"{text}\n")
        return self._relay.stdout.readline()


def _device(name: str) -> int:
    """A TUN device in this process's namespace (the kernel's Documentation/networking/tuntap); gives its descriptor."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return device


def _ip(*commands: str) -> None:
    for command in commands:
        subprocess.run(["ip", *command.split()], check=True)


def _receive(channel: socket.socket) -> int:
    _, ancillary, _, _ = channel.recvmsg(1, socket.CMSG_LEN(4))
    return array.array("i", ancillary[0][2])[0]


def near(channel: socket.socket) -> None:
    """Sets up the near end, hands its device over, and keeps its namespace until standard input ends."""
    device = _device("near0")
    _ip("link set lo up", f"addr add {NEAR_ADDRESS}/32 dev near0", "link set near0 up")
    _ip(f"route add {FARM_NETWORK} dev near0 src {NEAR_ADDRESS}")
    channel.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [device]))])
    sys.stdin.read()


class Relay:
    """Carries packets between two devices, each way with the same delay, and counts connections from the first."""

    def __init__(self, near_device: int, far_device: int) -> None:
        self._other = {near_device: far_device, far_device: near_device}
        self._near = near_device
        self._delay_s = 0.0
        self._on_the_way: deque[tuple[float, int, bytes]] = deque()
        self._opened: set[tuple[str, int]] = set()

    def run(self, commands: IO[str]) -> None:
        """Until the commands end: `delay SECONDS` (one way) and `counts`, each answered by a line."""
        while True:
            due_s = self._on_the_way[0][0] - time.monotonic() if self._on_the_way else None
            ready, _, _ = select.select([*self._other, commands], [], [], None if due_s is None else max(due_s, 0))
            if commands in ready and not self._obey(commands.readline()):
                return
            for device in self._other:
                if device in ready:
                    self._take(device)
            self._deliver()

    def _take(self, device: int) -> None:
        with suppress(BlockingIOError):
            while True:
                packet = os.read(device, _MTU)
                self._on_the_way.append((time.monotonic() + self._delay_s, self._other[device], packet))
                if device == self._near:
                    self._note(packet)

    def _deliver(self) -> None:
        while self._on_the_way and self._on_the_way[0][0] <= time.monotonic():
            _, device, packet = self._on_the_way.popleft()
            with suppress(OSError):  # a full device loses packets, as networks do
                os.write(device, packet)

    def _note(self, packet: bytes) -> None:
        """A first SYN opens a connection (RFC 9293, section 3.5); one sent again is the same connection."""
        head = (packet[0] & 0x0F) * 4
        if packet[0] >> 4 == 4 and packet[9] == _TCP and packet[head + 13] & (_SYN | _ACK) == _SYN:
            source, port = struct.unpack("!HH", packet[head : head + 4])
            self._opened.add((f"{socket.inet_ntoa(packet[16:20])}:{port}", source))

    def _obey(self, command: str) -> bool:
        match command.split():
            case ["delay", seconds]:
                self._delay_s = float(seconds)
                _answer("ok")
            case ["counts"]:
                counts: dict[str, int] = {}
                for door, _source in self._opened:
                    counts[door] = counts.get(door, 0) + 1
                self._opened.clear()
                _answer(json.dumps(counts))
            case _:
                return False
        return True


def _answer(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> None:
    """One of the two helpers."""
    match arguments:
        case ["near", descriptor]:
            near(socket.socket(fileno=int(descriptor)))
        case ["relay", near_device, far_device]:
            Relay(int(near_device), int(far_device)).run(sys.stdin)


if __name__ == "__main__":
    main(sys.argv[1:])
