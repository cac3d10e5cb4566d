"""One item of an agency, in whatever format it came, and how it becomes an article."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from worker.parse.article import Article
from worker.parse.compose import compose, one_line
from worker.parse.facts.dates import publication_date
from worker.parse.format import Hint
from worker.reasons import Reason, Refused

WITHDRAWN = re.compile(r"(?i)(?:^|[\W_])(?:cancell?ed|withheld|kill(?:ed)?|withdrawn|retracted|deleted?)$")
VERSION_DIGITS = 10  # versions are compared as text, so each has as many digits
ESCAPED_TWICE = re.compile(r"&(?:#\d{1,6}|quot|apos|amp|nbsp);")
AFTER_DATELINE = r"(?:,? ?[^\n()]{0,30}?\([^()\n]{2,40}\))?"  # a date, and the name of the agency
SIGN_OFF = re.compile(
    r"(?i)_{2,8}|-{2,8}|#{2,4}|\*{3}|\(?(?:ends?|-30-)\)?|[a-z]{2,4}(?:/[a-z]{2,4}){1,4}|\([\w./ ]{2,30}\)"
)
MOST_SIGN_OFFS = 4  # remove at most so many such lines
FEWEST_WORDS, MOST_SHORT, SHORT = 2, 6, 4  # a sign-off has so many words, of at most so many letters
LONGEST_SIGN_OFF = 200  # characters
NO_WORDS = "The agency has withdrawn this item."  # the text of a withdrawal without a note and a title
LEADING_BY = re.compile(r"(?i)^\s*by\s+")


@dataclass(slots=True)
class Item:
    """The fields of an item, as the agency gives them."""

    text: str = ""
    title: str | None = None
    by_lines: list[str] = field(default_factory=list)
    dateline: str | None = None
    outlet: str | None = None
    url: str | None = None
    first_created: str | None = None
    version_created: str | None = None
    language: str | None = None
    licence: str | None = None
    section: str | None = None
    identifier: str | None = None
    version: str | None = None
    note: str | None = None  # to editors: the reason of a withdrawal
    is_withdrawn: bool = False
    warnings: tuple[str, ...] = ()


def article_of(item: Item, hint: Hint, source: str) -> Article:
    """Return the article of an item. `source` names the format, for the source of the date.

    An item that is withdrawn may have no text: then its text is the note to editors, or its title. Raise `Refused`:
    `no_article` if any other item has no text.
    """
    text = _without_sign_off(_without_title(item.text, item.title), is_credited=bool(item.outlet))
    if ESCAPED_TWICE.search(text):
        text = html.unescape(text)
    if not _has_words(text):
        if not item.is_withdrawn:
            raise Refused(Reason.NO_ARTICLE, "The item has no text, as those of pictures and of notes to editors.")
        text = next(filter(_has_words, map(one_line, (item.note, item.title))), None) or NO_WORDS
    made = compose(
        text,
        hint,
        title=item.title,
        authors=list(_people(item.by_lines)),
        outlet=_trimmed(item.outlet),
        url=item.url,
        date=publication_date(_earlier(item.first_created, item.version_created), source),
        declared_language=item.language,
        licence=item.licence,
        section=item.section,
        identifier=item.identifier,
        revision=revision(item.version, item.version_created),
        is_withdrawn=item.is_withdrawn,
        warnings=item.warnings,
    )
    return _with_dateline(made, _trimmed(item.dateline))


def _with_dateline(made: Article, dateline: str | None) -> Article:
    """Return the article with the dateline that the agency gives. If the text begins with it, the body follows it."""
    if made.dateline or not dateline:
        return made
    match = re.match(rf"\s*({re.escape(dateline)}{AFTER_DATELINE})\s?[-–—_:]{{1,2}}\s+(?=\S)", made.text)
    if match is None or match.end() >= made.body_end:
        return replace(made, dateline=dateline)
    return replace(made, dateline=match[1], body_start=match.end())


def is_withdrawal(*statuses: str | None) -> bool:
    """True if a status says that the item is not to be used: "stat:canceled", "Withheld", "Kill"."""
    return any(status and WITHDRAWN.search(status.strip()) for status in statuses)


def revision(version: object, created: str | None) -> str | None:
    """Return what tells versions apart, the later one greater as text: the number, or else the time in UTC."""
    number = str(version).strip() if isinstance(version, int | str) and not isinstance(version, bool) else ""
    if number.isascii() and number.isdigit() and len(number) <= VERSION_DIGITS:
        return number.zfill(VERSION_DIGITS)
    date = publication_date(_spaceless(created), "version")
    return datetime.fromisoformat(date.at).astimezone(UTC).isoformat() if date else None


def _earlier(first: str | None, second: str | None) -> str | None:
    """Return the earlier of two dates, since some agencies write the first one after the second one."""
    candidates = [text for value in (first, second) if (text := _spaceless(value)) and publication_date(text, "")]
    moments = {text: datetime.fromisoformat(date.at) for text in candidates if (date := publication_date(text, ""))}
    return min(candidates, key=moments.__getitem__, default=None)


def _spaceless(value: str | None) -> str | None:
    return value.strip() if isinstance(value, str) else None


def _people(by_lines: Iterable[str]) -> Iterable[str]:
    """Yield by-lines that name people; initials of editors ("gr/bp") are in lower case."""
    for by_line in by_lines:
        line = LEADING_BY.sub("", one_line(by_line) or "")
        if any(map(str.isupper, line)):
            yield line


def _has_words(text: str | None) -> bool:
    return any(map(str.isalnum, text or ""))


def _trimmed(value: str | None) -> str | None:
    """Return a credit or dateline without the dashes that lead over to the text."""
    return (one_line(value) or "").strip(" -–—_:;,") or None


def _without_sign_off(text: str, *, is_credited: bool) -> str:
    """Return the text without the lines at its end that are for editors: initials, an end mark, codes of routing.

    A name in brackets stays if nothing else names the agency: it does.
    """
    for _ in range(MOST_SIGN_OFFS):
        before, _, last = text.rpartition("\n\n")
        is_mark = SIGN_OFF.fullmatch(last) is not None and (is_credited or not last.startswith("("))
        if not before or not (is_mark or _is_sign_off(last)):
            break
        text = before
    return text


def _is_sign_off(line: str) -> bool:
    """True for a line of short words that is no sentence ("AAP RTV ar"), or of codes ("CRO01 1113 APE4800")."""
    words = line.split()
    if len(words) < FEWEST_WORDS or len(line) > LONGEST_SIGN_OFF or "\n" in line:
        return False
    are_short = len(words) <= MOST_SHORT and all(len(word) <= SHORT and word.isalnum() for word in words)
    are_codes = len(words) > FEWEST_WORDS and line.isupper() and all(map(str.isalnum, words))
    are_codes &= sum(map(str.isdigit, line)) > len(words)
    return (are_short and any(map(str.islower, words[-1:]))) or are_codes


def _without_title(text: str, title: str | None) -> str:
    """Return the text without its first paragraph if that is the title again."""
    first, _, rest = text.partition("\n\n")
    return rest if title and rest and " ".join(first.split()) == " ".join(title.split()) else text
