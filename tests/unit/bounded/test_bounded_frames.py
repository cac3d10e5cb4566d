"""Frames: what goes in comes out; what is too long, garbled or late does not."""

import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.bounded.frames import MAX_HEADER, Channel, Closed, Frame, Garbled

Pair = tuple[Channel, Channel]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, other = socket.socketpair()
    with one, other:
        yield Channel(one, 1000), Channel(other, 1000)


@given(header=st.dictionaries(st.text(), st.none() | st.text() | st.integers()), raw=st.binary(max_size=1000))
def test_a_frame_comes_out_as_it_went_in(header: dict[str, object], raw: bytes) -> None:
    one, other = socket.socketpair()
    with one, other:
        Channel(one, 1000).send(Frame(header, raw))
        assert Channel(other, 1000).receive(5) == Frame(header, raw)


def test_a_frame_that_does_not_come_is_late(pair: Pair) -> None:
    with pytest.raises(TimeoutError):
        pair[0].receive(0.01)


def test_a_frame_that_nobody_takes_is_late(pair: Pair) -> None:
    with pytest.raises(TimeoutError):
        pair[0].send(Frame({}, b"a" * 10_000_000), 0.01)


def test_an_end_that_is_gone(pair: Pair) -> None:
    pair[1].sock.close()
    with pytest.raises(Closed):
        pair[0].receive(1)
    with pytest.raises(Closed):
        pair[0].send(Frame({}, b"a" * 1_000_000), 1)


@pytest.mark.parametrize("lengths", [(MAX_HEADER + 1, 0), (2, 1001)])
def test_lengths_beyond_the_bounds_are_not_believed(pair: Pair, lengths: tuple[int, int]) -> None:
    pair[1].sock.sendall(struct.pack(">IQ", *lengths))
    with pytest.raises(Garbled):
        pair[0].receive(1)


@pytest.mark.parametrize("header", [b"{]", b"[]", b"\xff\xff"])
def test_a_header_that_is_no_json_object(pair: Pair, header: bytes) -> None:
    pair[1].sock.sendall(struct.pack(">IQ", len(header), 0) + header)
    with pytest.raises(Garbled):
        pair[0].receive(1)
