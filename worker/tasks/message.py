"""What a message of ours looks like: it names a task of ours and ids of rows, and asks for nothing else.

Everything that reaches a queue is read here before kombu and Celery use it. They would trust it: a forged time limit
or 100,000 nested brackets would end the worker. A message that differs in any field that matters comes from another
release, or from somebody who writes into our queues. Refusing it loses nothing: a message is only a doorbell, and
every row that waits in PostgreSQL is rung for again.
"""

import base64
import inspect
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import structlog

log = structlog.get_logger("onrecord.message")

HARMLESS = "nothing is lost: what waits in PostgreSQL is rung for again"
OTHER_RELEASE = f"{HARMLESS}. If releases are being changed, bring every worker to the same one."
STRANGER = f"{HARMLESS}. Find out who writes into this broker; only Onrecord should."

LARGEST = 2**63 - 1
"""The id of a row is at most this large (`bigint`)."""
LONGEST = 20_000
"""At most so many bytes in a message; ours have less than 2,000."""
SHOWN = 100
"""At most so many characters of a foreign value in a line of the log."""

JSON = "application/json"
ENCODINGS = (None, "utf-8", "binary")


class NotOurs(Exception):
    """The message is not one of ours: why, what to do about it, and what it contained."""

    def __init__(self, why: str, todo: str, **details: str) -> None:
        super().__init__(why)
        self.why, self.todo, self.details = why, todo, details


class Doorbell(NamedTuple):
    """The meaning of a message: a task, and the ids of the rows that it is called for."""

    task: str
    ids: list[int]

    def headers(self) -> dict[str, Any]:
        """Return new headers with this task, in the form of Celery's protocol 2."""
        message_id = str(uuid.uuid4())
        return {"lang": "py", "task": self.task, "id": message_id, "root_id": message_id, "argsrepr": repr(self.ids)}

    def body(self) -> bytes:
        """Return a new body with these ids: arguments, no named arguments, and nothing to be done afterwards."""
        return json.dumps([self.ids, {}, {}]).encode()


def refuse(strange: NotOurs) -> None:
    """Log that a message was refused."""
    log.warning("a message was refused", why=strange.why, todo=strange.todo, **strange.details)


def shown(value: object) -> str:
    """Return a foreign value for a line of the log: ASCII only, and cut after `SHOWN` characters."""
    try:
        return ascii(value[:SHOWN] if isinstance(value, (str, bytes)) else value)[:SHOWN]
    except RecursionError:
        return type(value).__name__


def is_text(value: object) -> bool:
    """True for a text, and for nothing at all."""
    return value is None or isinstance(value, str)


def is_number(value: object) -> bool:
    """True for a whole number of no great size, and for nothing at all."""
    return value is None or (type(value) is int and 0 <= value <= 1_000_000)


def is_nothing(value: object) -> bool:
    """True for a value that asks for nothing: missing, empty or zero."""
    return value is None or value is False or value in (0, "", [], {})


def is_limit(value: object) -> bool:
    """True for a pair of time limits in seconds. A worker uses its own limits, whatever the message says."""
    return value is None or (isinstance(value, list) and len(value) == 2 and all(map(is_number, value)))


Check = Callable[[object], bool]

# What a header or a property may hold. Others are ignored, since releases of Celery add some.
HEADERS: Mapping[str, Check] = {
    "id": lambda value: isinstance(value, str),
    "lang": is_text,
    "shadow": is_nothing,
    "eta": is_nothing,
    "expires": is_nothing,
    "group": is_nothing,
    "group_index": is_nothing,
    "retries": is_nothing,
    "timelimit": is_limit,
    "root_id": is_text,
    "parent_id": is_text,
    "argsrepr": is_text,
    "kwargsrepr": is_text,
    "origin": is_text,
    "ignore_result": lambda value: value is None or isinstance(value, bool),
    "replaced_task_nesting": is_nothing,
    "stamped_headers": is_nothing,
    "stamps": is_nothing,
    "compression": is_nothing,
}
PROPERTIES: Mapping[str, Check] = {
    "delivery_tag": lambda value: isinstance(value, str),
    "delivery_info": lambda value: isinstance(value, dict) and all(map(is_text, value.values())),
    "body_encoding": lambda value: value == "base64",
    "delivery_mode": is_number,
    "priority": is_number,
    "correlation_id": is_text,
    "reply_to": is_text,
}


def demand(values: Mapping[Any, Any], checks: Mapping[str, Check]) -> None:
    """Raise `NotOurs` if a header or property is not as ours are."""
    for name, check in checks.items():
        if not check(values.get(name)):
            raise NotOurs("not a message of ours", STRANGER, field=name, given=shown(values.get(name)))


def named(headers: object) -> Mapping[Any, Any]:
    """Return the headers of a message that names a task. Raises `NotOurs`."""
    if not isinstance(headers, dict) or not isinstance(headers.get("task"), str):
        raise NotOurs("it names no task", STRANGER, given=shown(headers))
    return headers


def parsed(text: bytes | str) -> Any:
    """Return the value of a JSON text. Raises `NotOurs` for a text that is too long, no JSON, or nested too deeply."""
    if len(text) > LONGEST:
        raise NotOurs("it is far too long", STRANGER, length=f"{len(text):,}")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotOurs("it is not JSON", STRANGER, error=type(error).__name__) from None


def unpacked(item: bytes, queue: str) -> dict[str, Any]:
    """Return the envelope that a queue of Redis held, with properties of our own making. Raises `NotOurs`."""
    envelope = parsed(item)
    if not isinstance(envelope, dict) or not isinstance(envelope.get("properties"), dict):
        raise NotOurs("not a message of Celery", STRANGER, given=shown(item))
    demand(envelope["properties"], PROPERTIES)
    demand(named(envelope.get("headers")), HEADERS)
    body: Any = envelope.get("body")
    try:
        base64.b64decode(body, validate=True)
    except (TypeError, ValueError):  # binascii's error is a ValueError
        raise NotOurs("not a message of Celery", STRANGER, field="body", given=shown(body)) from None
    return {
        "body": body,
        "headers": envelope["headers"],
        "content-type": envelope.get("content-type"),
        "content-encoding": envelope.get("content-encoding"),
        "properties": {
            "delivery_tag": str(uuid.uuid4()),
            "delivery_info": {"exchange": "", "routing_key": queue},
            "body_encoding": "base64",
        },
    }


def doorbell_in(message: Any, tasks: Mapping[str, Any]) -> Doorbell:
    """Return what a message of kombu asks for; `tasks` are the tasks of this release. Raises `NotOurs`."""
    headers, body = named(message.headers), message.body
    name = headers["task"]
    if isinstance(body, memoryview):
        body = bytes(body)
    if name not in tasks:
        raise NotOurs("a task that this release does not know", OTHER_RELEASE, task=shown(name))
    demand(headers, HEADERS)
    is_json = message.content_type == JSON and message.content_encoding in ENCODINGS
    if not is_json or not isinstance(body, (bytes, str)):
        raise NotOurs("it is not JSON", STRANGER, content_type=shown(message.content_type))
    call = parsed(body)
    if not isinstance(call, list) or len(call) != 3 or not isinstance(call[0], list):
        raise NotOurs("not a message of ours", STRANGER, field="body", given=shown(call))
    ids, by_name, afterwards = call
    if not is_nothing(by_name) or not (is_nothing(afterwards) or asks_for_nothing(afterwards)):
        raise NotOurs("it does not fit the task", OTHER_RELEASE, task=name, given=shown(call))
    if not all(type(value) is int and 0 < value <= LARGEST for value in ids):
        raise NotOurs("it does not say which row", STRANGER, task=name, given=shown(ids))
    try:
        inspect.signature(tasks[name].run).bind(*ids)
    except TypeError as error:
        raise NotOurs("it does not fit the task", OTHER_RELEASE, task=name, error=str(error)) from None
    return Doorbell(name, ids)


def asks_for_nothing(afterwards: object) -> bool:
    """True if a message names no task that is to run after this one."""
    return isinstance(afterwards, dict) and all(map(is_nothing, afterwards.values()))
