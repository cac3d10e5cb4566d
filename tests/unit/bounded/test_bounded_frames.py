"""Frames: a frame arrives as it was sent. A frame that is too long, garbled or late raises an error."""

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
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours, 1000), Channel(theirs, 1000)


@given(header=st.dictionaries(st.text(), st.none() | st.text() | st.integers()), raw=st.binary(max_size=1000))
def test_a_frame_arrives_as_it_was_sent(header: dict[str, object], raw: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        Channel(ours, 1000).send(Frame(header, raw))
        assert Channel(theirs, 1000).receive(5) == Frame(header, raw)


def test_a_frame_that_is_not_sent_is_late(pair: Pair) -> None:
    with pytest.raises(TimeoutError):
        pair[0].receive(0.01)


def test_a_frame_that_is_not_read_is_late(pair: Pair) -> None:
    with pytest.raises(TimeoutError):
        pair[0].send(Frame({}, b"a" * 10_000_000), 0.01)


def test_the_other_end_is_closed(pair: Pair) -> None:
    pair[1].sock.close()
    with pytest.raises(Closed):
        pair[0].receive(1)
    with pytest.raises(Closed):
        pair[0].send(Frame({}, b"a" * 1_000_000), 1)


@pytest.mark.parametrize("lengths", [(MAX_HEADER + 1, 0), (2, 1001)])
def test_lengths_beyond_the_limits_are_refused(pair: Pair, lengths: tuple[int, int]) -> None:
    pair[1].sock.sendall(struct.pack(">IQ", *lengths))
    with pytest.raises(Garbled):
        pair[0].receive(1)


@pytest.mark.parametrize("header", [b"{]", b"[]", b"\xff\xff"])
def test_a_header_that_is_not_a_json_object_is_refused(pair: Pair, header: bytes) -> None:
    pair[1].sock.sendall(struct.pack(">IQ", len(header), 0) + header)
    with pytest.raises(Garbled):
        pair[0].receive(1)
