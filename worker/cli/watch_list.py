"""`onrecord watch-list`: saved searches whose new quotations are told, and who is told of them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.answers import remark, write_line, write_rows
from worker.cli.connection import owner_engine, reader_engine, resolved
from worker.cli.errors import Complaint
from worker.cli.narrowing import KindOption, OutletOption, SpeakerOption
from worker.cli.options import HAPPENED, FormOption
from worker.report.render import RowFormat

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from worker.store.receivers import Place
    from worker.store.watch_lists import WatchList

SHOWN = 20
"""`show` prints at most so many deliveries."""
COLUMNS = ("name", "watches for", "told", "last", "receivers", "state")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Its name.")]
LineOption = Annotated[
    str | None,
    typer.Option("--search", metavar="TEXT", help='As in the box of the page: talks -nuclear outlet:"Mehr News".'),
]
WebhookOption = Annotated[
    list[str] | None,
    typer.Option("--webhook", metavar="URL", help="Post signed messages to this address. Several are possible."),
]
MailOption = Annotated[
    list[str] | None,
    typer.Option("--mail", metavar="ADDRESS", help="Send digests to this address (ONRECORD_SMTP_URL)."),
]


def watch_list(context: typer.Context) -> None:
    """Be told: new quotations that match a saved search go to feeds, webhooks and mail."""
    if context.invoked_subcommand is None:
        list_them()


def add(
    name: NameArgument,
    search: LineOption = None,
    speaker: SpeakerOption = None,
    outlet: OutletOption = None,
    kind: KindOption = None,
    webhook: WebhookOption = None,
    mail: MailOption = None,
) -> None:
    """Make a watch-list; or, without a search, let one that is there tell more receivers.

    It tells of articles that are stored from now on. Its feeds are on the page. The secret with which messages to a
    webhook are signed is shown only now.
    """
    from worker.cli.signature import user_name
    from worker.deliveries import making
    from worker.store import watch_lists

    places = [*map(making.webhook, webhook or ()), *map(making.mail, mail or ())]
    is_search = any(option is not None for option in (search, speaker, outlet, kind))
    with owner_engine() as engine, engine.begin() as connection:
        if is_search:
            query = making.query_of(search or "", speaker=speaker, outlet=outlet, kind=kind.value if kind else None)
            listed = making.make(connection, name, query, user_name())
        else:
            known = watch_lists.called(connection, making.name_for(name))
            if known is None or not places:
                raise Complaint("Say what to watch for.", "Give --search, --speaker, --outlet or --kind.", code=2)
            listed = known
        for place in places:
            making.add_receiver(connection, listed, place)
    tell_made(listed, places, is_new=is_search)


def tell_made(listed: "WatchList", places: "Sequence[Place]", *, is_new: bool) -> None:
    """Print what was made, with the secrets."""
    from worker.cli.access import page_address
    from worker.deliveries import mail, making

    with resolved() as settings:
        base = (page_address(settings) or "").rstrip("/")
        lacks_mail = not mail.is_set(settings) and any(place.kind == "mail" for place in places)
    if is_new:
        write_line(f"“{listed.name}” tells of new quotations that match: {making.in_words(listed.query)}")
        where = "" if base else " (of the page: `onrecord up` or `onrecord web` serves it)"
        for ending in ("atom", "json"):
            write_line(f"feed     {base}{making.feed_path(listed.id, ending, listed.feed_key)}{where}")
    for place in places:
        write_line(f"{place.kind:<8} {place.shown}")
        if place.secret:
            write_line(f"secret   {place.secret}")
            remark("Keep the secret: it is not shown again. The receiver checks signatures with it (docs/how-to.md).")
    if lacks_mail:
        remark(mail.UNSET)
    if places:
        remark(f"Try it: onrecord watch-list test {quoted(listed.name)}")


def quoted(name: str) -> str:
    """Return a name as a shell takes it."""
    import shlex

    return shlex.quote(name)


def list_them(form: FormOption = RowFormat.TABLE) -> None:
    """List the watch-lists: what each watches for, how often it told, and how its receivers stand."""
    from worker.deliveries import making, standing
    from worker.report.reading import reading

    with reader_engine() as engine, reading(engine) as asking:
        lists = asking.rows(standing.LISTS)
        receivers = standing.standings(asking.rows(standing.RECEIVERS))
    rows = []
    for row in lists:
        own = [receiver for receiver in receivers if receiver.watch_list_id == row["watch_list_id"]]
        bad = [f"{one.kind} {'is paused' if one.paused_at else 'fails'}" for one in own if one.is_troubled]
        state = "; ".join([standing.list_state(row["paused_at"], row["failure"]), *bad])
        places = ", ".join(["feeds", *(receiver.place for receiver in own)])
        rows.append((row["watch_list"], making.in_words(row["query"]), row["told"], row["last_at"], places, state))
    if not write_rows(COLUMNS, rows, form):
        remark("There is no watch-list yet: onrecord watch-list add NAME --speaker S")
    elif form.is_for_people:
        remark("onrecord watch-list show NAME says what it told, and how its receivers stand.")


def show(name: NameArgument) -> None:
    """Show one watch-list: its receivers, its feeds, and what it told last."""
    from worker.cli.access import page_address
    from worker.deliveries import making, standing
    from worker.report.reading import reading

    with reader_engine() as engine, reading(engine) as asking:
        named = [row for row in asking.rows(standing.LISTS) if row["watch_list"] == making.name_for(name)]
        if not named:
            raise missing(name)
        (row,) = named
        number = row["watch_list_id"]
        receivers = [one for one in standing.standings(asking.rows(standing.RECEIVERS)) if one.watch_list_id == number]
        told = asking.rows(standing.TOLD, watch_list=number, count=SHOWN, first=0)
    write_line(f"{row['watch_list']}: {making.in_words(row['query'])}")
    state = standing.list_state(row["paused_at"], row["failure"])
    write_line(f"made by {row['made_by']}, {standing.minute(row['made_at'])}; {state}")
    with resolved() as settings:
        base = (page_address(settings) or "").rstrip("/")
    for ending in ("atom", "json"):
        write_line(f"feed {base}{making.feed_path(number, ending, row['feed_key'])}")
    for receiver in receivers:
        write_line(f"{receiver.place}: {receiver.state}")
    for said in told:
        write_line(f"{standing.minute(said['made_at'])}  {told_words(said)}")
    if not told:
        remark("It has told nothing yet.")


def told_words(said: "RowMapping") -> str:
    """Return one delivery as people read it."""
    from worker.deliveries import standing

    if said["what"] == "withdrawn":
        return f"quotation {said['quote_id']} is withdrawn"
    if said["quote"] is None:
        return f"quotation {said['quote_id']} is not in the reports any more"
    who = said["speaker"] or said["source_text"] or "nobody named"
    cue = f" ({said['cue']})" if said["cue"] else ""
    denied = ", DENIED" if said["denied"] else ""
    return f"quotation {said['quote_id']}, {who}{cue}{denied}: {standing.in_marks(said['quote'], said['kind'])}"


def change(name: str, work: "Callable[[Connection, WatchList], object]") -> "WatchList":
    """Change the watch-list of this name in a transaction, and return it; complain if there is none."""
    from worker.deliveries import making
    from worker.store import watch_lists

    with owner_engine() as engine, engine.begin() as connection:
        listed = watch_lists.called(connection, making.name_for(name))
        if listed is None:
            raise missing(name)
        work(connection, listed)
    return listed


def missing(name: str) -> Complaint:
    """Return the complaint that there is no watch-list of this name."""
    return Complaint(f"There is no watch-list “{name}”.", "`onrecord watch-list list` shows their names.")


def remove(name: NameArgument) -> None:
    """Remove a watch-list with its receivers; its feeds end, and it forgets what it told."""
    from worker.store import watch_lists

    listed = change(name, lambda connection, found: watch_lists.remove(connection, found.id))
    write_line(f"“{listed.name}” is removed.")


def pause(name: NameArgument) -> None:
    """Let a watch-list tell nothing until it is resumed."""
    from worker.store import watch_lists

    listed = change(name, lambda connection, found: watch_lists.pause(connection, found.id))
    write_line(f"“{listed.name}” is paused. Go on: onrecord watch-list resume {quoted(listed.name)}")


def resume(
    name: NameArgument,
    skip: Annotated[bool, typer.Option("--skip", help="Leave out what came meanwhile.")] = False,
) -> None:
    """Let a watch-list and its receivers go on where they stopped."""
    from worker.deliveries import making

    listed = change(name, lambda connection, found: making.resume(connection, found, skip=skip))
    write_line(f"“{listed.name}” goes on {'with what is stored from now on' if skip else 'where it stopped'}.")


def test(name: NameArgument) -> None:
    """Send a message that tells nothing to each receiver, and say what came of it. Exit code 1: one did not take it."""
    from worker.deliveries import sending
    from worker.deliveries.refusal import NotTaken
    from worker.store import receivers

    places: list[Place] = []
    listed = change(name, lambda connection, found: places.extend(receivers.places(connection, found.id)))
    if not places:
        remark(f"“{listed.name}” has no receivers but its feeds.")
    failures = 0
    with resolved() as settings:
        for place in places:
            try:
                sending.test(settings, listed.id, listed.name, place)
                write_line(f"{place.kind} {place.shown}: took it")
            except NotTaken as refusal:
                failures += 1
                write_line(f"{place.kind} {place.shown}: {refusal}")
    if failures:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(invoke_without_command=True, callback=watch_list)
    group.command(name="list")(list_them)
    for command in (add, show, remove, pause, resume, test):
        group.command()(command)
    app.add_typer(group, name="watch-list", rich_help_panel=HAPPENED)
