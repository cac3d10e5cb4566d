"""The first lines of a text that are no part of its body: its title, its by-line, its date and its outlet.

Only lines that are plainly that are read. A text that begins with a sentence, a dateline, a quotation or the name of a
speaker is left as it is.
"""

import re
from dataclasses import dataclass, field, replace

from worker.parse.facts.body import DATELINE
from worker.parse.facts.dates import PublicationDate, UnreadDate, read_date
from worker.parse.facts.fields import web_address
from worker.parse.facts.outlets import outlet
from worker.parse.facts.people import introduction, is_agency, is_person, people
from worker.parse.facts.people_words import BODIES

REACH = 3000  # look at this many code points at most
MOST_LINES = 8  # at most this many lines are read
LONGEST_TITLE = 160  # a title has at most this many code points
LONGEST_LINE = 160  # and so has any other line
LONGEST_READ = 400  # read no more of a line
FEWEST_WORDS = 2  # a title has at least this many words
MARKS = re.compile(r"[“”„«»\"‟「」『』]")
QUOTED = re.compile(r"[‘‚‹›]|(?<!\w)'[^'\n]{2,100}'(?!\w)|``|''|[.!?…]['’]\Z")
"""A quotation in single marks, or the end of one."""
SENTENCE = re.compile(r"[.!?…][)\]\"'”’»“」』]{0,2}(?=\s|\Z)|[。！？]")
TWO_SENTENCES = re.compile(r"[^\W\d_]{3,}[.!?…][)\"'”’»]?\s+\S")
LABEL = re.compile(r"(?P<label>[^\W\d_][\w ./-]{0,30}?)\s?[:：]\s*(?P<value>.*)\Z")
LABELS = {
    **dict.fromkeys(("title", "headline", "titel", "titre", "título", "titolo", "überschrift", "schlagzeile"), "title"),
    **dict.fromkeys(("author", "authors", "byline", "by-line", "by", "autor", "autoren", "auteur", "autore"), "by"),
    **dict.fromkeys(("date", "published", "publication date", "datum", "fecha", "data", "publié"), "date"),
    **dict.fromkeys(("source", "publication", "newspaper", "outlet", "publisher", "quelle", "fuente"), "outlet"),
    **dict.fromkeys(("url", "link", "address"), "url"),
}
SEPARATOR = re.compile(r"\s*[|•·]\s*|\s+[–—-]\s+|,\s+|\s+(?=(?:by|von|par|por|door)\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FirstLines:
    """What the first lines say, and the offset behind them."""

    end: int
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: PublicationDate | UnreadDate | None = None
    outlet: str | None = None
    url: str | None = None


@dataclass(slots=True)
class _Lines:
    """The lines at the beginning of a text that are not empty, with their offsets."""

    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    gaps: list[bool] = field(default_factory=list)  # an empty line follows


def first_lines(text: str, *, locale: str | None = None, title: str | None = None, is_file: bool = False) -> FirstLines:
    """Return what the first lines say. `title` is the title as it is known; a line that repeats it is read.

    A title, an outlet and lines such as "Author: …" are read only if the text is that of a whole file.
    """
    lines = _lines(text)
    nothing = FirstLines(len(text) - len(text.lstrip()))
    if is_file and (labelled := _labelled(lines, locale)) is not None:
        return labelled
    found, number = nothing, 0
    if is_file and lines.texts and _is_outlet(lines.texts[0]):
        found, number = replace(found, outlet=outlet(lines.texts[0])), 1
    found, number = _credits(lines, number, found, locale)
    if number < len(lines.texts) - 1 and (is_file or title):
        line = " ".join(lines.texts[number].split())
        if line.casefold() == " ".join((title or "").split()).casefold() or (is_file and _is_title(lines, number)):
            found, number = replace(found, end=lines.starts[number + 1], title=line), number + 1
            found, number = _credits(lines, number, found, locale)
    return found if found.end > nothing.end and _has_body(text, found.end) else nothing


def _lines(text: str) -> _Lines:
    """Return the first lines of the text that are not empty."""
    lines = _Lines()
    place = 0
    while place < min(REACH, len(text)) and len(lines.texts) <= MOST_LINES:
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        line = text[place : min(end, place + LONGEST_READ)]
        if line.strip():
            lines.texts.append(line.strip())
            lines.starts.append(place + len(line) - len(line.lstrip()))
            lines.gaps.append(False)
        elif lines.gaps and end - place < LONGEST_READ:
            lines.gaps[-1] = True
        place = end + 1
    return lines


def _is_title(lines: _Lines, number: int) -> bool:
    """True if a line is a title: short, no sentence, no quotation, no label; a by-line or a text must follow."""
    line, following = lines.texts[number], lines.texts[number + 1]
    if len(line.split()) < FEWEST_WORDS or len(line) > LONGEST_TITLE or not line[0].isalnum() or line[0].islower():
        return False
    if line[-1] in ".,;:…-–—)" or MARKS.search(line) or QUOTED.search(line) or TWO_SENTENCES.search(line):
        return False
    if DATELINE.match(line + " "):
        return False
    if (label := LABEL.match(line)) and (label["label"].isupper() or line[-1] == "?"):
        return False
    is_deck = number + 2 < len(lines.texts) and lines.gaps[number] and bool(_authors(lines.texts[number + 2]))
    if _authors(following) or _date(following, None) is not None or is_deck:
        return True
    if not lines.gaps[number] or _date(line, None) is not None:
        return False
    behind = " ".join(lines.texts[number + 1 : number + 3])
    return len(behind) > len(line) and SENTENCE.search(behind) is not None


def _has_body(text: str, start: int) -> bool:
    """True if what is left is a text: there is a sentence in it."""
    return SENTENCE.search(text[start : start + REACH]) is not None or len(text) - start > REACH


def _credits(lines: _Lines, first: int, found: FirstLines, locale: str | None) -> tuple[FirstLines, int]:
    """Read the lines from `first` on as long as they are by-lines, dates or the outlet; return the number behind."""
    number = first
    while number + 1 < len(lines.texts):
        read = _credit(lines.texts[number], found, locale, is_headed=number > 0)
        if read is None and number == first and found.title and _is_deck(lines, number, found, locale):
            number += 1
            continue
        if read is None:
            break
        is_alone = lines.gaps[number] or number > 0 or read.authors
        if not is_alone and _credit(lines.texts[number + 1], read, locale, is_headed=True) is None:
            break  # the text is on the line after the date: the date may be a part of it
        number += 1
        found = replace(read, end=lines.starts[number])
    return found, number


def _is_deck(lines: _Lines, number: int, found: FirstLines, locale: str | None) -> bool:
    """True if a line stands between the title and a by-line."""
    if number + 2 >= len(lines.texts) or len(lines.texts[number]) > LONGEST_TITLE or MARKS.search(lines.texts[number]):
        return False
    following = lines.texts[number + 1]
    return introduction(following) > 0 and _credit(following, found, locale, is_headed=True) is not None


def _credit(line: str, found: FirstLines, locale: str | None, *, is_headed: bool) -> FirstLines | None:
    """Return `found` with what a line adds that is a by-line, a date or the outlet; None for any other line."""
    if len(line) > LONGEST_LINE or MARKS.search(line):
        return None
    if (date := _date(line, locale)) is not None:
        return replace(found, date=found.date or date)
    if names := _authors(line):
        return replace(found, authors=found.authors or names, date=found.date or date_within(line, locale))
    is_outlet = is_headed and (found.title or found.authors or found.date) and _is_outlet(line)
    return replace(found, outlet=found.outlet or outlet(line)) if is_outlet else None


def _date(line: str, locale: str | None) -> PublicationDate | UnreadDate | None:
    """Return the date that a whole line is, if it is one; also one whose day may be its month."""
    if not re.search(r"\d", line) or len(line) > 80:
        return None
    date = read_date(line, "text", locale)
    if isinstance(date, UnreadDate):
        is_date = date.day_first is not None or date.warning.endswith("(it is the date of a change)")
        return date if is_date and not line.strip().isdigit() else None
    return None if date is None or re.fullmatch(r"[\d.]+", line) else date


def date_within(line: str, locale: str | None) -> PublicationDate | UnreadDate | None:
    """Return the date before or behind the names of a by-line."""
    for mark in SEPARATOR.finditer(line):
        for part in (line[: mark.start()], line[mark.end() :]):
            if (date := _date(part, locale)) is not None:
                return date
    return None


def _authors(line: str) -> tuple[str, ...]:
    """Return the names of a line that is a by-line: an introduction, then nothing but names, offices and a date."""
    start = introduction(line)
    if not start:
        for mark in SEPARATOR.finditer(line):
            if introduction(line[mark.end() :]) and _date(line[: mark.start()], None) is not None:
                return _authors(line[mark.end() :])
        return ()
    rest = line[start:]
    if SENTENCE.search(rest[:-1].replace("Jr.", "Jr")) and not re.search(r"\b[A-Z]\.|\b(?:Dr|Prof|St)\.", rest):
        return ()
    names = people(rest)
    if not names or not all(is_person(name) or (len(name.split()) == 1 and not rest.islower()) for name in names):
        return ()
    if not any(map(is_person, names)) and (len(rest.split()) > 1 or is_agency(names[0])):
        return ()
    heading = re.split(r"[,|•·(–—]|\s-\s|\s(?:and|und|et|y|en|for|in|at)\s", rest)[0]
    return names if is_person(heading.strip()) or (is_person(names[0]) and len(rest.split()) <= 12) else ()


def _is_outlet(line: str) -> bool:
    """True if a line is nothing but the name of a paper or an agency."""
    words = line.split()
    if is_agency(line):
        return True
    if not 1 < len(words) <= 5 or SENTENCE.search(line) or any(map(str.isdigit, line)):
        return False
    capital = all(word[0].isupper() or word in ("of", "the", "and", "de", "la", "di", "für", "du") for word in words)
    return capital and any(word.casefold() in BODIES for word in words)


def _labelled(lines: _Lines, locale: str | None) -> FirstLines | None:
    """Return what lines such as "Title: …", "Author: …" say at the beginning; None if there are not at least two."""
    values: dict[str, str] = {}
    number = 0
    for number, line in enumerate(lines.texts):  # noqa: B007
        match = LABEL.match(line)
        kind = LABELS.get(match["label"].casefold()) if match else None
        if match is None or kind is None or kind in values:
            break
        values[kind] = match["value"]
    else:
        return None
    if len(values) < 2 or not values.keys() - {"date"} or number >= len(lines.starts):
        return None
    return FirstLines(
        lines.starts[number],
        title=values.get("title"),
        authors=people(values.get("by")),
        date=read_date(values.get("date"), "text", locale),
        outlet=outlet(values.get("outlet")),
        url=web_address(values.get("url")),
    )
