"""The article of a document. Its own words come first: properties are often those of the program or of a template."""

import re
from collections.abc import Iterator

from worker.parse.article import Article
from worker.parse.compose import compose, one_line
from worker.parse.documents.document import Document, Paragraph, Role
from worker.parse.facts.dates import PublicationDate, publication_date
from worker.parse.format import Hint

BEGINNING = 10  # look for a title, and for a line with a date, in so many first paragraphs
LONGEST_TITLE = 250  # no title has more characters
LONGEST_DATE_LINE = 60  # nor a line with nothing but place and date
FEWEST_WORDS = 3  # a prominent line with fewer words is a label ("PRESS RELEASE") or a name
PROGRAM_TITLE = re.compile(
    r"(?i)\W*(?:microsoft (?:office )?(?:word|powerpoint|publisher)\b.*"
    r"|(?:untitled|unbenannt|sans titre|ohne titel|senza titolo|sin t[ií]tulo|sem t[ií]tulo|naamloos|no title)\W*\d*"
    r"|(?:word |new )?(?:document|dokument|documento|layout|slide|page|print|template|vorlage|mod[eè]le)[ _]?\d*)\W*"
)
FILE_NAME = re.compile(
    r"(?i)(?:\S+|.{1,200})\.(?:docx?|docm|odt|rtf|pdf|indd|qxd|pages|txt|html?|dotx?|pptx?|pub|wpd)\W*"
)
PROGRAM_DATES = ("2013-12-23T23:15",)  # that of the template which python-docx copies
FIRST_YEAR = 1990  # earlier dates are those of clocks that are not set
PERSON = re.compile(r"[^\W\d_][\w.'’-]{0,40}(?: [^\W\d_][\w.'’-]{0,40}){1,4}")
NO_PERSON = re.compile(
    r"(?i)\b(?:user|users|owner|admin|administrator|office|microsoft|windows|apple|python|apache|libreoffice|openoffice"
    r"|acrobat|adobe|indesign|quark|unknown|author|default|template|utente|usuario|utilisateur|benutzer|gebruiker"
    r"|press|presse|media|communications?|kommunikation|department|ministry|university|agency|services?|team|gmbh|inc"
    r"|ltd|company|computer|laptop|lenovo|hewlett|dell|acer|asus|scanner|printer)\b"
)


def article_of(document: Document, hint: Hint) -> Article:
    """Return the article of a document. Its title is no part of the text."""
    place, title = _title(document)
    paragraphs = [each.text for number, each in enumerate(document.paragraphs) if number != place]
    return compose(
        "\n\n".join(paragraphs),
        hint,
        title=title,
        authors=list(_authors(document.author)),
        date=_date(document),
        declared_language=document.language,
        warnings=document.warnings,
    )


def _title(document: Document) -> tuple[int | None, str | None]:
    """Return the place of the paragraph that is the title, and the title."""
    beginning = list(enumerate(document.paragraphs[:BEGINNING]))
    declared = _declared_title(document.title)
    by_role = [(place, each) for place, each in beginning if each.role is Role.TITLE and _can_be_title(each)]
    shown = [(place, each) for place, each in beginning if declared and _same(each.text, declared)]
    headings = [(place, each) for place, each in beginning[:3] if each.role is Role.HEADING and _can_be_title(each)]
    for place, each in (*by_role, *shown, *headings):
        if place < len(document.paragraphs) - 1:
            return place, each.text
    prominent = list(_prominent(document.paragraphs))
    if prominent:
        place, each = max(prominent, key=lambda found: (found[1].size, len(found[1].text)))
        return place, each.text
    return None, declared


def _prominent(paragraphs: list[Paragraph]) -> Iterator[tuple[int, Paragraph]]:
    """Yield the short prominent paragraphs before the first long one; none if the text is prominent as well."""
    for place, each in enumerate(paragraphs[:BEGINNING]):
        if len(each.text) > LONGEST_TITLE or not each.is_prominent:
            if len(each.text) > LONGEST_TITLE // 2:
                return
        elif _can_be_title(each) and len(each.text.split()) >= FEWEST_WORDS and place < len(paragraphs) - 1:
            yield place, each


def _can_be_title(paragraph: Paragraph) -> bool:
    """True if a paragraph is short, and no sentence; a date line is no title either."""
    text = paragraph.text
    return len(text) <= LONGEST_TITLE and not text.rstrip().endswith((".", ":", ";", ",")) and _date_line(text) is None


def _declared_title(title: str | None) -> str | None:
    """Return the title in the properties, or None if a program wrote it."""
    line = re.sub(r"(?i)^microsoft word\s*[-–—]\s*", "", one_line(title) or "")
    if not line or PROGRAM_TITLE.fullmatch(line) or FILE_NAME.fullmatch(line) or "_" in line or " " not in line:
        return None
    return line


def _same(first: str, second: str) -> bool:
    """True if two lines have the same letters and digits."""
    return _letters(first) == _letters(second) != ""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _authors(creator: str | None) -> Iterator[str]:
    """Yield the names in the properties that are those of people, and of no account or program."""
    for name in re.split(r"\s*[;|]\s*", one_line(creator) or ""):
        words = name.split()
        if PERSON.fullmatch(name) and not NO_PERSON.search(name) and words[0][0].isupper() and words[-1][0].isupper():
            yield name


def _date(document: Document) -> PublicationDate | None:
    """Return the date that stands alone in one of the first lines, or else that in the properties."""
    for paragraph in document.paragraphs[:BEGINNING]:
        if date := _date_line(paragraph.text):
            return date
    created = (document.created or "").strip()
    date = publication_date(re.sub(r"\.\d+", "", created), "document")
    if date is None or created.startswith(PROGRAM_DATES) or int(date.at[:4]) < FIRST_YEAR:
        return None
    return date


def _date_line(text: str) -> PublicationDate | None:
    """Return the date of a line that has nothing but a date, perhaps after a place and a comma."""
    if len(text) > LONGEST_DATE_LINE or not any(map(str.isdigit, text)):
        return None
    line = text.strip(" .()|–—-")
    return publication_date(line, "text") or publication_date(line.partition(", ")[2], "text")
