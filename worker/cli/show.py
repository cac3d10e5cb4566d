"""`onrecord show`: prints one quotation, article, file or speaker whole, as the page shows it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, cast

import typer

from worker.cli.answers import write_line, write_rows
from worker.cli.connection import reader_engine
from worker.cli.decision_words import A_FORGOTTEN
from worker.cli.errors import Complaint
from worker.cli.facts import moment, write_fact
from worker.cli.options import ASK, from_one
from worker.cli.passage import write_paragraphs
from worker.cli.whole import JsonOption, write_whole

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from worker.report.reading import Reading
    from worker.web.marking import Paragraph

VERSIONS = """
SELECT f.* FROM files f WHERE f.file = %(file)s OR f.inbox || '/' || f.file = %(file)s
ORDER BY f.inbox, f.current DESC, f.first_seen DESC
"""
MEMBERS = """
SELECT coalesce(m.member, m.file) AS member, m.state, m.reason, m.message, m.article_id, a.title
FROM members m LEFT JOIN articles a ON a.article_id = m.article_id
WHERE m.inbox = %(inbox)s AND m.file = %(file)s ORDER BY m.position
"""
CALLED = """
SELECT DISTINCT n.speaker_id, n.speaker FROM speaker_names n
WHERE n.status = 'joined' AND (lower(n.name) = lower(%(name)s) OR lower(n.speaker) = lower(%(name)s)) ORDER BY 1
"""


def quote(
    number: Annotated[int, typer.Argument(metavar="N", help="The quote_id.", parser=from_one)],
    as_json: JsonOption = False,
) -> None:
    """One quotation in its paragraph, where it comes from, and what was changed and decided about it."""
    from worker.web.decided import about_quote
    from worker.web.hits import speakers_of
    from worker.web.pages import quote as page

    with asking() as reading:
        row = page.quote_of(reading, number)
        decisions = about_quote(reading, number)
        if row is None:
            if not as_json:
                write_decisions(decisions)
            raise missing("quotation", number)
        speakers = speakers_of(reading, [number])[number]
        files = reading.rows(page.FILES, article=row["article_id"])
        changes = reading.rows(page.CHANGES, quote=number)
        printings = reading.row(page.PRINTINGS, statement=row["statement_id"])
    if as_json:
        write_whole(
            quotation=row, speakers=speakers, files=files, changes=changes, printed=printings, decisions=decisions
        )
        return
    who = row["speaker"] or (f"({row['source_text']})" if row["source_text"] else "nobody known")
    write_line(
        f"Quotation {number}{' (a candidate)' if row['is_candidate'] else ''}: {who} {row['cue'] or ''}".rstrip()
    )
    write_line()
    write_paragraphs(
        cast("Iterable[Paragraph]", page.context_of(row)), begins=row["context_start"] > 0, goes_on=row["goes_on"]
    )
    write_line()
    write_fact("kind", f"{row['kind']}, confidence {row['confidence']:.2f}{', denied' if row['denied'] else ''}")
    write_fact("source in the text", row["source_text"])
    write_fact("speaks for", row["speaks_for"])
    for speaker in speakers:
        evidence = f"{speaker['evidence']}, {speaker['confidence']:.2f}; the article names {speaker['named']}"
        write_fact(f"speaker {speaker['speaker_id']}", speaker["speaker"])
        write_fact("  why", "a person decided" if speaker["by_hand"] else evidence)
    write_fact("article", f"{row['article_id']}{': ' + row['title'] if row['title'] else ''}")
    write_fact("outlet", row["outlet"])
    write_fact("published", moment(row["published_at"]) or "undated")
    write_fact("address", row["url"])
    write_fact("characters", f"{row['start_char']:,} to {row['end_char']:,} of the text, counted from 0")
    write_fact("found by", f"{row['extractor']}, {moment(row['extracted_at'])}")
    if printings is not None and printings["quotes"] > 1:
        write_fact("printed", f"{printings['quotes']:,} times (statement {row['statement_id']})")
    for file in files:
        write_fact("file", place_of(file))
        write_fact("  SHA-256", file["sha256"])
    for change in changes:
        before = f"; before ({change['old_extractor']}): {change['old_quote']}" if change["old_quote"] else ""
        write_fact(moment(change["changed_at"]), f"{change['change']} by {change['extractor']}{before}")
    write_decisions(decisions)


def article(
    number: Annotated[int, typer.Argument(metavar="N", help="The article_id.", parser=from_one)],
    as_json: JsonOption = False,
) -> None:
    """One article: its whole text with the numbers of its quotations, who says them, and the files it came in."""
    from worker.web.hits import speakers_of
    from worker.web.marking import Role, Stretch, paragraphs
    from worker.web.pages import article as page

    with asking() as reading:
        row = reading.row(page.ARTICLE, article=number)
        if row is None:
            raise missing("article", number)
        quotes = reading.rows(page.QUOTES, article=number)
        speakers = speakers_of(reading, [found["quote_id"] for found in quotes])
        sources = reading.rows(page.SOURCES, article=number)
        story = reading.rows(page.STORY, article=number, story=row["story_id"])
    if as_json:
        said = [{**found, "speakers": speakers[found["quote_id"]]} for found in quotes]
        write_whole(article=row, quotations=said, files=sources, near_copies=story)
        return
    write_line(f"Article {number}{': ' + row['title'] if row['title'] else ''}")
    for name in ("outlet", "url", "language", "licence"):
        write_fact(name, row[name])
    write_fact("published", moment(row["published_at"]) or "undated")
    write_fact("stored", moment(row["stored_at"]))
    for source in sources:
        write_fact("file", place_of(source))
    for warning in row["warnings"] or ():
        write_fact("mended", warning)
    if story:
        write_fact("near-copies", ", ".join(f"article {other['article_id']}" for other in story))
    write_line()
    stretches = [
        Stretch(start, end, Role.WORDS, found["quote_id"])
        for found in quotes
        for start, end in zip(found["parts"][::2], found["parts"][1::2], strict=True)
    ]
    write_paragraphs(paragraphs(row["text"], stretches, row["body_start"], row["body_end"]), has_numbers=True)
    if quotes:
        write_line()
    names = {number: " & ".join(who["speaker"] for who in known) for number, known in speakers.items()}
    write_quotes("speaker", [(found["quote_id"], names[found["quote_id"]], found) for found in quotes])


def file(
    path: Annotated[str, typer.Argument(metavar="PATH", help="Its path below the folder.")], as_json: JsonOption = False
) -> None:
    """One file: what became of every content that was seen at its path, and of every article in it."""
    with asking() as reading:
        versions = reading.rows(VERSIONS, file=path)
        if not versions:
            advice = "Give its path below the folder, as `onrecord files` lists it."
            raise Complaint(f"No file is called {path}.", advice)
        inboxes = sorted({(version["inbox"], version["file"]) for version in versions})
        members = {place: reading.rows(MEMBERS, inbox=place[0], file=place[1]) for place in inboxes}
    if as_json:
        write_whole(
            versions=versions, members=[{"inbox": place[0], **row} for place in inboxes for row in members[place]]
        )
        return
    for place in inboxes:
        write_line(f"File {'/'.join(place)}")
        of_place = [version for version in versions if (version["inbox"], version["file"]) == place]
        for version in of_place:
            write_line()
            write_fact("version", ("the newest" if version["current"] else "older") if len(of_place) > 1 else "")
            write_fact("state", " ".join(filter(None, (version["state"], version["reason"]))))
            write_fact("message", version["message"])
            write_fact("the same as", version["duplicate_of"])
            write_fact("bytes", f"{version['size']:,}" if version["size"] is not None else "")
            write_fact("SHA-256", version["sha256"])
            write_fact("first seen", moment(version["first_seen"]))
            write_fact("finished", moment(version["finished_at"]))
        write_line()
        rows = [tuple(member.values()) for member in members[place]]
        if rows:
            write_rows(("member", "state", "reason", "message", "article_id", "title"), rows)


def speaker(
    who: Annotated[str, typer.Argument(metavar="N", help="A number of `speakers list`, or a form of the name.")],
    as_json: JsonOption = False,
) -> None:
    """One speaker: the forms of the name and why they are one, outlets, who is quoted beside, and the newest words."""
    from worker.web.decided import about_speaker
    from worker.web.pages import speaker as page

    with asking() as reading:
        number = number_of(reading, who)
        overview = page.overview_of(reading, number)
        if overview is None:
            into = reading.value(page.MERGED, speaker=number)
            if into is not None:
                raise Complaint(f"Speaker {number} was merged into {into}.", f"See: onrecord show speaker {into}")
            raise missing("speaker", number)
        names = reading.rows(page.NAMES, speaker=number)
        proposed = reading.rows(page.PROPOSED, speaker=number)
        decisions = about_speaker(reading, number)
    row = overview.speaker
    if as_json:
        write_whole(
            speaker={name: value for name, value in row.items() if name not in page.OF_COUNT},
            names=names,
            proposed=proposed,
            counts=[
                {name: found[name] for name in page.OF_COUNT}
                for kind in ("printed", "outlet", "together")
                for found in overview.of(kind)
            ],
            newest=overview.said,
            decisions=decisions,
        )
        return
    write_line(f"Speaker {number}: {row['speaker']} ({row['kind']})")
    more, of_last = ("more than ", "; all numbers are of those stored last") if row["is_cut"] else ("", "")
    write_fact("quotes", f"{more}{row['quotes']:,}{of_last}")
    write_fact("statements", f"{row['statements']:,}")
    write_fact("articles", f"{row['articles']:,}, {row['first_day']:%Y-%m-%d} to {row['last_day']:%Y-%m-%d}")
    for counted, name in (("printed", "printed as"), ("outlet", "outlets"), ("together", "quoted beside")):
        shown = [f"{other['label']} ({other['number']:,})" for other in overview.of(counted)]
        write_fact(name, ", ".join(shown))
    for form in names:
        write_fact("form", f"{form['name']}: {form['evidence']}, {form['confidence']:.2f}")
    for pair in proposed:
        other = "speaker" if pair["other_id"] == number else "other"
        write_fact("perhaps the same", f"{pair[other]} ({pair[f'{other}_id']}): {pair['evidence']}")
    write_decisions(decisions)
    write_line()
    write_quotes("printed", [(found["quote_id"], found["outlet"] or found["file"], found) for found in overview.said])


@contextmanager
def asking() -> "Iterator[Reading]":
    """Yield what asks the schema `report`."""
    from worker.report.reading import reading

    with reader_engine() as engine, reading(engine) as asked:
        yield asked


def number_of(reading: "Reading", who: str) -> int:
    """Return the number of the speaker who is called so, or whose number this is."""
    if who.isascii() and who.isdigit():
        return from_one(who)
    called = reading.rows(CALLED, name=who)
    if not called:
        raise Complaint(f"No speaker is called “{who}”.", "`onrecord speakers list --search PART` finds names.")
    if len(called) > 1:
        ways = ", ".join(f"{row['speaker_id']} ({row['speaker']})" for row in called)
        raise Complaint(f"Several speakers are called “{who}”.", f"Give one of these numbers: {ways}.")
    return int(called[0]["speaker_id"])


def missing(noun: str, number: int) -> Complaint:
    """Return the complaint that there is nothing with this number."""
    advice = "It may have been read again, replaced by a newer version, rejected, or forgotten."
    return Complaint(f"There is no {noun} {number}.", advice)


def write_quotes(heading: str, rows: "Iterable[tuple[int, str | None, RowMapping]]") -> None:
    """Print quotations as a table: the number, who said it or where it was printed (`heading`), cue, kind, words."""
    shown = [(number, beside, row["cue"], row["kind"], row["quote"]) for number, beside, row in rows]
    if shown:
        write_rows(("quote_id", heading, "cue", "kind", "quote"), shown)


def write_decisions(decisions: "Iterable[RowMapping]") -> None:
    """Print what people decided, and how to take it back."""
    for row in decisions:
        name = row["name"] or A_FORGOTTEN
        words = {
            "set_speaker": f"said by {name}",
            "no_speaker": "said by nobody known",
            "reject": "no quotation",
            "accept": "a quotation",
            "merge": f"speaker {row['speaker_id']} is {row['speaker']} ({row['into_id']})",
            "split": f"“{name}” is somebody else (speaker {row['speaker_id']})",
            "rename": f"shown as {name}",
            "recut": f"its words are “{row['new_words']}”",
            "add": f"a quotation that was missed: “{row['new_words']}”",
        }.get(row["kind"], row["kind"])
        end = (
            f"taken back {moment(row['undone_at'])}"
            if row["undone_at"]
            else f"take it back: onrecord decisions undo {row['decision_id']} --reason WHY"
        )
        signed = f"{row['who']}, {moment(row['decided_at'])}: {row['reason']}"
        write_fact(f"decision {row['decision_id']}", f"{words}; {signed} ({end})")


def place_of(row: "RowMapping") -> str:
    """Return where an article stands: folder, file, and its place in the file."""
    return f"{row['inbox']}/{row['file']}{':' + row['member'] if row['member'] else ''}"


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="One quotation, article, file or speaker whole.")
    for command in (quote, article, file, speaker):
        group.command()(command)
    app.add_typer(group, name="show", rich_help_panel=ASK)
