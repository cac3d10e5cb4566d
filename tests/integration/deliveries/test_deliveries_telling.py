"""Receivers: what they are sent, in which order, and what becomes of those that do not take it."""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import text

from tests.integration.deliveries.conftest import SECONDS, Desk, Room, Webhook
from tests.integration.deliveries.smtp_receiver import MailServer
from tests.integration.report.conftest import fill
from worker.deliveries import making, sending
from worker.deliveries.courier import Courier
from worker.deliveries.making import query_of
from worker.deliveries.standing import minute
from worker.store import receivers, telling, watch_lists

LAVROV = query_of(speaker="lavrov")


def test_a_message_is_signed_and_whole(room: Room, webhook: Webhook) -> None:
    place = webhook.at("/take/whole?key=1")
    listed = room.watch(LAVROV, place)
    room.print_more()
    told = room.tell(listed)
    assert (told.waiting, told.failing_since, told.last_told_at is not None) == (0, None, True)
    (request,) = webhook.requests("/take/whole?key=1")
    headers, body = request["headers"], json.loads(request["body"])
    assert body["watch_list"] == {"id": listed, "name": "talks"}
    assert [item["what"] for item in body["deliveries"]] == ["new", "new"]
    first = body["deliveries"][0]
    assert first["page"] == f"https://onrecord.example/quotes/{first['quote_id']}"
    assert first["quotation"]["quote"] == "We strongly opposed this."
    assert first["quotation"]["published_at"] == "2024-05-16T09:00:00+00:00"
    # As a receiver checks it, with what the person was shown.
    assert place.secret is not None
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{request['body']}".encode()
    key = base64.b64decode(place.secret.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert not room.is_due()


def test_order_holds_and_a_message_has_a_bound(room: Room, webhook: Webhook) -> None:
    listed = room.watch(LAVROV, webhook.at("/take/order"))
    room.print_more()
    with room.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO deliveries (watch_list_id, what, quote_id, change_id)"
                " SELECT :id, 'withdrawn', g, 1 FROM generate_series(1, 250) g"
            ),
            {"id": listed},
        )
    room.tell(listed)
    requests = [json.loads(request["body"])["deliveries"] for request in webhook.requests("/take/order")]
    numbers = [item["delivery_id"] for items in requests for item in items]
    assert [len(items) for items in requests] == [100, 100, 52]
    assert numbers == sorted(set(numbers))


def test_a_receiver_that_recovers_gets_everything(room: Room, webhook: Webhook) -> None:
    listed = room.watch(LAVROV, webhook.at("/recovers"))
    room.print_more()
    failed = room.tell(listed)
    assert (failed.tries, failed.failure, failed.waiting) == (1, "It answered 503.", 2)
    assert not room.is_due(), "it is left alone for a while"
    with room.engine.begin() as connection:
        watch_lists.deliver(connection, listed, [watch_lists.ToTell("withdrawn", 999, None, 1)])
    for _ in range(2):
        room.hurry()
        told = room.tell(listed)
    assert (told.tries, told.failure, told.waiting) == (0, None, 0)
    requests = webhook.requests("/recovers", 4)
    assert len({request["headers"]["webhook-id"] for request in requests[:3]}) == 1
    assert len({request["body"] for request in requests[:3]}) == 1, "the same message each time"
    assert [item["what"] for item in json.loads(requests[3]["body"])["deliveries"]] == ["withdrawn"]


def test_why_a_message_was_not_taken_is_said(room: Room, webhook: Webhook) -> None:
    expected = {
        "/fail": "It answered 500.",
        "/redirect": "It answered 302, a redirect, which is not followed: give the address that it leads to.",
        "/hang": "It did not answer in time.",
        "/drip": "It did not answer in time.",
    }
    lists = {path: room.watch(LAVROV, webhook.at(path), name=path) for path in expected}
    nobody = room.watch(LAVROV, making.webhook("http://127.0.0.1:9/"), name="nobody")
    strange = room.watch(LAVROV, making.webhook("http://a..b/"), name="strange")
    mail = room.watch(LAVROV, making.mail("nobody@news.example"), name="mail")
    room.print_more()
    begun = time.monotonic()
    failed = {path: room.tell(listed) for path, listed in lists.items()}
    assert time.monotonic() - begun < 10 * SECONDS
    assert {path: receiver.failure for path, receiver in failed.items()} == expected
    assert {(receiver.waiting, receiver.paused_at) for receiver in failed.values()} == {(2, None)}
    assert "/take/elsewhere" not in {json.loads(line)["path"] for line in webhook.lines(2)[1:]}
    assert room.tell(nobody).failure == "Nothing listens at its address."
    assert room.tell(strange).failure == "Its name is not known to the domain name system."
    assert room.tell(mail).failure == "The mail server does not take mail for this address (550)."


def test_a_receiver_may_ask_to_be_left_alone_or_say_goodbye(room: Room, webhook: Webhook) -> None:
    busy = room.watch(LAVROV, webhook.at("/busy"), name="busy")
    gone = room.watch(LAVROV, webhook.at("/gone"), name="gone")
    room.print_more()
    with room.engine.connect() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
    assert 1200 < (room.tell(busy).next_try_at - now).total_seconds() < 1300
    assert room.tell(gone).paused_at is not None


def test_a_dead_receiver_is_paused_and_goes_on_by_number(room: Room, webhook: Webhook) -> None:
    listed = room.watch(LAVROV, webhook.at("/recovers/late"))
    room.print_more()
    room.tell(listed)
    with room.engine.begin() as connection:
        connection.execute(text("UPDATE receivers SET next_try_at = now(), failing_since = now() - interval '61 min'"))
    paused = room.tell(listed)  # `receiver_hours` is 1 here
    assert paused.paused_at is not None
    assert paused.state == f"paused since {minute(paused.paused_at)}; 2 wait. It answered 503."
    assert paused.is_troubled
    assert not room.is_due()
    with room.engine.begin() as connection:
        watch_list = watch_lists.numbered(connection, listed)
        assert watch_list is not None
        making.resume(connection, watch_list, skip=False)
    told = room.tell(listed)
    assert (told.waiting, told.paused_at, told.failure) == (0, None, None)


def test_a_crash_after_sending_sends_the_same_message_again(
    room: Room, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = room.watch(LAVROV, webhook.at("/take/crash"))
    room.print_more()
    with monkeypatch.context() as patch:
        patch.setattr(receivers, "told", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            room.tell(listed)
    assert not sending.tell(room.means, room.receiver(listed).receiver_id), "the lease of the dead process holds"
    with room.engine.begin() as connection:
        connection.execute(text("UPDATE receivers SET lease_until = now() - interval '1 s'"))
    room.tell(listed)
    first, second = webhook.requests("/take/crash", 2)
    assert first["headers"]["webhook-id"] == second["headers"]["webhook-id"]
    assert first["body"] == second["body"]


def test_two_processes_do_not_tell_the_same(room: Room, webhook: Webhook) -> None:
    listed = room.watch(LAVROV, webhook.at("/slow"))
    room.print_more()
    number = room.receiver(listed).receiver_id
    threads = [threading.Thread(target=sending.tell, args=(room.means, number)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(webhook.requests("/slow")) == 1
    assert room.receiver(listed).waiting == 0


def test_what_is_skipped_while_it_is_sent_stays_skipped(room: Room, webhook: Webhook) -> None:
    listed = room.watch(LAVROV, webhook.at("/take/skipped"))
    room.print_more()
    with room.engine.begin() as connection:
        claim = receivers.claim(connection, room.receiver(listed).receiver_id)
        watch_list = watch_lists.numbered(connection, listed)
        assert claim is not None
        assert watch_list is not None
    room.print_more()
    with room.engine.begin() as connection:
        making.resume(connection, watch_list, skip=True)
    with room.engine.begin() as connection:
        assert not receivers.told(connection, claim, was_sent=True)
    assert room.receiver(listed).waiting == 0


def test_what_is_gone_before_it_is_sent_is_not_sent(room: Room, webhook: Webhook) -> None:
    listed = room.watch(LAVROV, webhook.at("/take/gone"))
    room.print_more()
    room.do("UPDATE articles SET current = false WHERE title = 'Vienna'")  # as an agency's withdrawal does it
    room.tell(listed)
    (request,) = webhook.requests("/take/gone")
    assert "opposed" not in request["body"]
    told = [(item["what"], item["quote_id"]) for item in json.loads(request["body"])["deliveries"]]
    assert told == [("new", room.numbers["joint"]), ("withdrawn", room.numbers["opposed"])]


def test_a_mail_is_a_digest(room: Room, post_office: MailServer) -> None:
    listed = room.watch(LAVROV, making.mail("desk@news.example"))
    room.print_more()
    told = room.tell(listed)
    (mail,) = post_office.taken
    assert (mail["Subject"], mail["To"], mail["From"]) == (
        "talks: 2 new quotations",
        "desk@news.example",
        "onrecord@news.example",
    )
    words = mail.get_content().replace("\r\n", "\n")
    assert "“We strongly opposed this.”\nSergey Lavrov\nMehr News, 2024-05-16, Vienna\n" in words
    assert f"https://onrecord.example/quotes/{room.numbers['joint']}" in words
    room.do("UPDATE quotes SET rejected = true WHERE id = :id", id=room.numbers["opposed"])
    assert room.tell(listed).waiting == 1, "the next digest comes later"
    assert told.last_told_at is not None
    assert told.next_try_at > told.last_told_at
    room.hurry()
    room.tell(listed)
    assert post_office.taken[1]["Subject"] == "talks: 1 withdrawn"


def test_the_courier_tells_while_another_receiver_hangs(room: Room, webhook: Webhook) -> None:
    hanging = room.watch(LAVROV, webhook.at("/hang/courier"), name="hanging")
    taking = room.watch(LAVROV, webhook.at("/take/courier"), name="taking")
    room.print_more()
    courier, ending = Courier(room.means.config, SECONDS), threading.Event()
    thread = threading.Thread(target=courier.run, args=(ending,))
    thread.start()
    courier.wake()
    until = time.monotonic() + 20
    while room.receiver(taking).waiting and time.monotonic() < until:
        time.sleep(0.02)
    assert (room.receiver(taking).waiting, room.receiver(hanging).waiting) == (0, 2)
    ending.set()
    courier.wake()
    thread.join(10)
    assert not thread.is_alive()


def test_beat_tells_what_a_killed_beat_was_sending(
    desk: Desk, webhook: Webhook, database_url: str, broker_url: str
) -> None:
    listed = desk.watch(LAVROV, webhook.at("/dies/beat"))
    fill(desk.engine)
    telling.tell(desk.engine)
    environment = os.environ | {"ONRECORD_DATABASE_URL": database_url, "ONRECORD_BROKER_URL": broker_url}
    command = [sys.executable, "-m", "worker", "beat"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as beat:
        webhook.requests("/dies/beat", 1)
        beat.kill()
    assert desk.receiver(listed).waiting == 2, "it died while the receiver had the message and had not answered"
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE receivers SET lease_until = now()"))
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as beat:
        until = time.monotonic() + 60
        while desk.receiver(listed).waiting and time.monotonic() < until:
            time.sleep(0.05)
        beat.terminate()
    first, second = webhook.requests("/dies/beat", 2)
    assert (first["headers"]["webhook-id"], first["body"]) == (second["headers"]["webhook-id"], second["body"])
    assert desk.receiver(listed).waiting == 0
