"""A message is read, or refused: nothing that reaches a queue raises anything else."""

import base64
import contextlib
import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.tasks.message import HEADERS, PROPERTIES, Doorbell, NotOurs, doorbell_in, unpacked


def process(document: int) -> None:
    """A task of one row."""


TASKS = {"article.process": SimpleNamespace(run=process)}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def envelope(call: object = ([7], {}, {}), **headers: object) -> dict[str, Any]:
    """Return the envelope of a message of ours, as Redis holds it."""
    properties = {"delivery_tag": "t", "delivery_info": {"exchange": "", "routing_key": "q"}, "body_encoding": "base64"}
    return {
        "body": base64.b64encode(json.dumps(call).encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {"task": "article.process", "id": "i", "lang": "py", "timelimit": [300, None]} | headers,
        "properties": properties,
    }


def read(raw: bytes) -> Doorbell:
    """Read a message in both steps, as a worker does."""
    outer = unpacked(raw, "articles")
    message = SimpleNamespace(
        headers=outer["headers"],
        body=base64.b64decode(outer["body"]),
        content_type=outer["content-type"],
        content_encoding=outer["content-encoding"],
    )
    return doorbell_in(message, TASKS)


def test_a_message_of_ours_is_read() -> None:
    assert read(json.dumps(envelope()).encode()) == Doorbell("article.process", [7])


@given(st.binary())
def test_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(NotOurs):
        read(raw)


@given(VALUES)
def test_any_json_is_refused(value: object) -> None:
    with pytest.raises(NotOurs):
        read(json.dumps(value).encode())


@given(st.sampled_from([*HEADERS, "task"]), VALUES)
def test_any_header_is_read_or_refused(name: str, value: object) -> None:
    try:
        doorbell = read(json.dumps(envelope(**{name: value})).encode())
    except NotOurs as strange:
        assert all(text.isascii() and text.isprintable() for text in strange.details.values())
    else:
        assert doorbell == Doorbell("article.process", [7])


@given(st.sampled_from(["body", "content-type", "content-encoding", "headers", "properties"]), VALUES)
def test_any_part_is_read_or_refused(name: str, value: object) -> None:
    with contextlib.suppress(NotOurs):
        assert read(json.dumps(envelope() | {name: value}).encode()) == Doorbell("article.process", [7])


@given(st.sampled_from([*PROPERTIES]), VALUES)
def test_any_property_is_read_or_refused(name: str, value: object) -> None:
    outer = envelope()
    outer["properties"][name] = value
    try:
        unpacked(json.dumps(outer).encode(), "articles")
    except NotOurs:
        return
    inner = unpacked(json.dumps(outer).encode(), "articles")["properties"]
    assert inner["delivery_info"] == {"exchange": "", "routing_key": "articles"}, "nothing of the sender's is kept"


@given(VALUES)
def test_any_call_is_refused(call: object) -> None:
    with pytest.raises(NotOurs):
        read(json.dumps(envelope(call)).encode())


@pytest.mark.parametrize(
    "call",
    [
        [[0], {}, {}],
        [[-1], {}, {}],
        [[2**63], {}, {}],
        [[True], {}, {}],
        [[1.0], {}, {}],
        [["1"], {}, {}],
        [[1, 2], {}, {}],
        [[], {}, {}],
        [[1], {"document": 1}, {}],
        [[1], {}, {"chain": [{"task": "article.process"}]}],
        [[1], {}],
    ],
)
def test_a_call_that_is_not_ours_is_refused(call: object) -> None:
    with pytest.raises(NotOurs):
        read(json.dumps(envelope(call)).encode())


@pytest.mark.parametrize("raw", [b"[" * 100_000, b"[" * 19_000, b'{"properties":' * 1_400, b"9" * 19_000, b""])
def test_what_would_overflow_is_refused(raw: bytes) -> None:
    with pytest.raises(NotOurs):
        read(raw)
