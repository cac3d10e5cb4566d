"""A message that was forwarded inside the text of a mail: its head is read as fields, and is no part of the text."""

import re
from dataclasses import dataclass
from email.utils import parseaddr

from worker.parse.compose import one_line
from worker.parse.facts.dates import PublicationDate, publication_date
from worker.parse.mails.prose import prose_words

PREFIX = re.compile(
    r"(?i)(?:(?:re|fwd?|fw|aw|wg|antw|sv|vs|vb|tr|rv|enc|res|ref|doorst|pd|odp|i|r|ynt|ilt|回复|答复|转发|轉寄)"
    r"(?:\[\d{1,3}\])?\s?[:：]\s*){1,10}"
)
FIELD = re.compile(r"[*>\s]{0,4}(?P<name>[^\W\d_][\w \xa0.-]{0,20}?)[ \xa0]?[:：]\*?[ \t]+(?P<value>\S.*)\Z")
MARK = re.compile(r"(?:[-_=*>]{2,}.{0,80}|[^.!?]{3,60}:)\s*\Z")
FEWEST_FIELDS = 3
MOST_FIELDS = 12
MOST_PLACES = 2000  # look at so many lines for the head


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The text around and in a forwarded message, and the fields of that message."""

    note: str
    text: str
    author: str | None
    date: PublicationDate | None

    @property
    def is_main(self) -> bool:
        """True if the forwarded message is the article, and what stands before it only a note."""
        return prose_words(self.text) > prose_words(self.note)


def bare_subject(subject: str | None) -> str | None:
    """Return a subject without "Fwd:", "Re:" and the like."""
    return one_line(PREFIX.sub("", subject.strip(), count=1)) if subject else None


def forwarded(text: str, subject: str | None) -> Forwarded | None:
    """Return the message that is forwarded in the text; None if there is none.

    Its head has a field with the address of its sender, and a date or the subject of the mail; without the subject,
    there is a mark above it. So it is found in every language, and a list of contacts is none.
    """
    lines = text.split("\n")
    bare = bare_subject(subject)
    place = 0
    while place < min(len(lines), MOST_PLACES):
        fields = head_fields(lines, place)
        if len(fields) >= FEWEST_FIELDS and any("@" in value for value in fields):
            mark, date = _mark_before(lines, place), _date(fields)
            has_subject = bare is not None and bare in map(bare_subject, fields)
            if has_subject or (mark is not None and date is not None):
                note = "\n".join(lines[: place if mark is None else mark]).strip()
                inner = "\n".join(lines[place + len(fields) :]).strip()
                return Forwarded(note, inner, _author(fields), date)
        place += max(1, len(fields))
    return None


def head_fields(lines: list[str], place: int) -> list[str]:
    """Return the values of the lines from this one on that look like the head of a message."""
    values: list[str] = []
    for line in lines[place : place + MOST_FIELDS]:
        match = FIELD.match(line[:1000])
        if match is None:
            break
        values.append(match["value"].strip().strip("*").strip())
    return values


def _mark_before(lines: list[str], place: int) -> int | None:
    """Return the number of the line that announces a forwarded message, such as one of hyphens; None if none does."""
    number = place - 1
    while number >= 0 and not lines[number].strip() and place - number < 4:
        number -= 1
    return number if number >= 0 and MARK.match(lines[number]) else None


def _author(fields: list[str]) -> str | None:
    """Return the name of the first one with an address, who is the sender in all programs."""
    first = next((value for value in fields if "@" in value), "")
    name = parseaddr(first)[0] or re.split(r"[<\[(]", first)[0]
    return None if "@" in name else one_line(name.strip(" \"'"))


def _date(fields: list[str]) -> PublicationDate | None:
    for value in fields:
        bare = (
            re.sub(r"^[^\W\d_]{2,12}\.?,? (?=\D*\d)", "", value) if re.match(r"[^\W\d_]{2,12}\.?, ", value) else value
        )
        for text in (value, value.replace(" at ", " "), bare.replace(" at ", " ")):
            if "@" not in text and (found := publication_date(text, "mail")) is not None:
                return found
    return None
