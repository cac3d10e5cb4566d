"""`onrecord watch-list` as people use it, and what `status`, `doctor`, the reader and a backup show of it."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tests.integration.deliveries.conftest import Desk, Webhook
from tests.integration.report.conftest import Command
from worker.backups.restoring import Wishes, restore
from worker.store.receivers import Place

SECRET = re.compile(r"whsec_\S+")


def test_from_the_first_command_to_the_last(desk: Desk, webhook: Webhook, onrecord: Command) -> None:
    address = webhook.at("/take/command").address
    made = onrecord("watch-list", "add", "the talks", "--speaker", "lavrov", "--webhook", address)
    (secret,) = SECRET.findall(made.out)
    assert (made.code, f"webhook  http://127.0.0.1:{webhook.port}/…" in made.out) == (0, True)
    tested = onrecord("watch-list", "test", "the talks")
    assert (tested.code, "took it" in tested.out) == (0, True)
    assert json.loads(webhook.requests("/take/command")[0]["body"])["deliveries"] == []
    desk.print_more()
    shown = onrecord("watch-list", "show", "the talks").out
    assert 'the talks: speaker:"lavrov"' in shown
    assert "not told yet; 2 wait" in shown
    assert "Sergey Lavrov: “We strongly opposed this.”" in shown
    listed = json.loads(onrecord("watch-list", "list", "--format", "json").out)
    assert [(row["name"], row["told"], row["state"]) for row in listed] == [("the talks", 2, "follows")]
    assert "is paused" in onrecord("watch-list", "pause", "the talks").out
    assert not desk.is_due()
    assert "goes on where it stopped" in onrecord("watch-list", "resume", "the talks").out
    assert desk.is_due()
    onrecord("watch-list", "resume", "the talks", "--skip")
    assert not desk.is_due()
    more = onrecord("watch-list", "add", "the talks", "--mail", "desk@news.example")
    assert "mail     d…@news.example\nNo mail is sent until" in more.out + more.err.replace("\r", "")
    everything = "".join(onrecord("watch-list", *words).out for words in (("list",), ("show", "the talks")))
    assert secret not in everything
    assert "/take/command" not in everything
    assert "is removed" in onrecord("watch-list", "remove", "the talks").out


REFUSED = (
    (("show", "nothing"), "There is no watch-list “nothing”."),
    (("add", "a"), "Say what to watch for."),
    (("add", "a", "--search", "kind:loud"), "“loud” is no kind."),
    (("add", "a", "--speaker", '"x"'), "without quotation marks"),
    (("add", "a", "--search", "x", "--webhook", "ftp://x"), "begins with https:// or http://"),
    (("add", "a", "--search", "x", "--webhook", "https://me:pass@x"), "without a name and a password"),
    (("add", "a", "--search", "x", "--mail", "Desk <d@x.example>"), "is no mail address"),
    (("add", "a\nb" * 50, "--search", "x"), "a name of at most 80 characters"),
)


def test_what_cannot_be_done_is_a_sentence(onrecord: Command) -> None:
    for arguments, said in REFUSED:
        ran = onrecord("watch-list", *arguments)
        assert ran.code in (1, 2)
        assert said in ran.err


def test_a_dead_receiver_is_said(desk: Desk, webhook: Webhook, onrecord: Command) -> None:
    listed = desk.watch("q=lavrov+OR+opposed", webhook.at("/fail/said"))
    desk.print_more()
    desk.tell(listed)
    failing = f"does not reach webhook http://127.0.0.1:{webhook.port}/…: fails since"
    assert failing in onrecord("status").out
    (trouble,) = json.loads(onrecord("status", "--json").out)["receivers"]
    assert failing in trouble["said"]
    found = [line for line in onrecord("doctor").out.splitlines() if "watch-list" in line]
    assert len(found) == 1
    assert found[0].startswith("warning")


def test_the_reader_sees_no_address_and_no_secret(desk: Desk, engine: Engine) -> None:
    desk.watch("q=talks", Place("webhook", "https://hooks.example/T0P", "https://hooks.example/…", "whsec_x"))
    with engine.connect() as connection:
        connection.execute(text("SET ROLE onrecord_reader"))
        (row,) = connection.execute(text("SELECT * FROM report.receivers")).mappings()
        assert "T0P" not in str(dict(row))
        assert "whsec" not in str(dict(row))
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT * FROM public.receivers"))


def test_a_restored_copy_tells_nobody_until_it_is_asked_to(
    desk: Desk,
    webhook: Webhook,
    engine: Engine,
    onrecord: Command,
    tmp_path: Path,
) -> None:
    listed = desk.watch("q=opposed", webhook.at("/take/restored"))
    desk.print_more()
    assert onrecord("backup", str(tmp_path / "kept")).code == 0
    desk.tell(listed)
    desk.do("UPDATE quotes SET rejected = true")  # after the backup; the receiver knows this number, too
    desk.tell(listed)
    said: list[str] = []
    wishes = Wishes(replace=True, unchecked=True, seen_seconds=1, marks=None, who="Ada", tell=said.append)
    restore(engine, tmp_path / "kept", wishes)
    assert "Receivers of watch-lists are paused, so that nothing is told twice: 1." in " ".join(said)
    desk.follow()
    assert not desk.is_due()
    assert desk.receiver(listed).waiting == 1
    before = webhook.requests("/take/restored", 2)
    assert len(before) == 2
    onrecord("watch-list", "resume", "talks", "--skip")
    assert not desk.is_due()
    desk.do("UPDATE quotes SET rejected = true")
    desk.tell(listed)
    numbers = [
        delivery["delivery_id"]
        for request in webhook.requests("/take/restored", 3)
        for delivery in json.loads(request["body"])["deliveries"]
    ]
    assert numbers == sorted(set(numbers)), "whoever remembers the last number takes nothing new for known"
