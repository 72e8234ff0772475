import gc
import socket

import pytest

from tests import binding


def test_port_of_which_udp_is_taken_leaves_no_socket_open() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="in use"):
            binding.bound("127.0.0.1", port=taken.getsockname()[1])
    gc.collect()  # a socket that is left is a warning, and so a failure


def test_another_port_is_tried_where_none_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []
    bind = socket.socket.bind

    def busy_at_first(self: socket.socket, address: tuple[str, int]) -> None:
        if self.type == socket.SOCK_DGRAM and not attempts:
            attempts.append(address)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                bind(other, address)
                bind(self, address)
        bind(self, address)

    monkeypatch.setattr(socket.socket, "bind", busy_at_first)
    made = binding.bound("127.0.0.1", "127.0.0.2")
    for udp, tcp in made:
        with udp, tcp:
            assert udp.getsockname() == tcp.getsockname()
    assert len(attempts) == 1
