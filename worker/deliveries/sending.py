"""Tells one receiver what it has not been told yet: claims it, sends one message, and stores what came of it.

Between the sending and the storing a process may die. The message is then sent again, with the same id.
"""

import time
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine

from worker.deliveries import mail, signing, webhook
from worker.deliveries.message import Item, body_of, items_of
from worker.deliveries.refusal import NotTaken
from worker.settings import Settings
from worker.store import receivers, watch_lists
from worker.store.receivers import Claim, Place

log = structlog.get_logger("onrecord.deliveries")

HOUR = 3600.0
MINUTE = 60.0
TEST_TEXT = "This is a test of a watch-list of Onrecord. New quotations that match it will come to this address."


@dataclass(frozen=True, slots=True)
class Means:
    """What sending needs: the connections of the owner and of the reader, the settings, and the limit of an answer."""

    engine: Engine
    reader: Engine
    config: Settings
    seconds: float


def tell(means: Means, receiver_id: int) -> bool:
    """Send the next message to a receiver; return whether there may be another one to send at once."""
    with means.engine.begin() as connection:
        claim = receivers.claim(connection, receiver_id)
        if claim is None:
            return False
        deliveries = watch_lists.between(connection, claim.watch_list_id, claim.told_to, claim.sending_to)
    items = items_of(means.reader, deliveries)
    try:
        if items:
            send(means, claim, items)
    except NotTaken as refusal:
        store_failure(means, claim, refusal)
        return False
    except Exception as fault:
        log.exception("sending failed", step="deliver", watch_list=claim.watch_list_id, receiver=claim.id)
        store_failure(
            means, claim, NotTaken(f"Onrecord failed at it, which is a fault of Onrecord: {type(fault).__name__}.")
        )
        return False
    pause = means.config.mail_minutes * MINUTE if claim.kind == "mail" else 0.0
    with means.engine.begin() as connection:
        was_mine = receivers.told(connection, claim, was_sent=bool(items), pause=pause)
    log.info("told", step="deliver", watch_list=claim.watch_list_id, receiver=claim.id, deliveries=len(items))
    return was_mine


def send(means: Means, claim: Claim, items: list[Item]) -> None:
    """Send one message. Raises `NotTaken`."""
    message_id = f"onrecord-{claim.id}-{claim.sending_to}"
    page = means.config.web_url
    if claim.kind == "mail":
        subject, text = mail.digest(claim.watch_list, items, page)
        mail.send(means.config, claim.address, subject, text, message_id)
        return
    body = body_of(claim.watch_list_id, claim.watch_list, items, page)
    post_signed(claim.address, claim.secret or "", message_id, body, means.seconds)


def post_signed(address: str, secret: str, message_id: str, body: bytes, seconds: float = webhook.SECONDS) -> None:
    """Send a signed message to a webhook. Raises `NotTaken`."""
    webhook.post(address, body, signing.headers(secret, message_id, body, time.time()), seconds)


def store_failure(means: Means, claim: Claim, refusal: NotTaken) -> None:
    """Store why a receiver did not take a message; the next try comes later, unless it has failed for too long."""
    give_up = means.config.receiver_hours * HOUR
    with means.engine.begin() as connection:
        is_paused = receivers.failed(
            connection, claim, str(refusal), give_up=give_up, wait=refusal.wait, is_final=refusal.is_final
        )
    said = "a receiver is paused" if is_paused else "a receiver did not take a message"
    log.warning(said, step="deliver", watch_list=claim.watch_list_id, receiver=claim.id, why=str(refusal))


def test(config: Settings, watch_list_id: int, watch_list: str, place: Place) -> None:
    """Send a message that tells nothing to a receiver. Raises `NotTaken`."""
    message_id = f"onrecord-test-{watch_list_id}-{time.time_ns()}"
    if place.kind == "mail":
        mail.send(config, place.address, f"{watch_list}: a test", TEST_TEXT, message_id)
        return
    post_signed(place.address, place.secret or "", message_id, body_of(watch_list_id, watch_list, [], config.web_url))
