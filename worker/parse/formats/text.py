"""Plain text: the text of the article is the decoded file, character for character."""

from worker.parse.article import Article
from worker.parse.compose import compose
from worker.parse.decoding import decode
from worker.parse.format import Format, Hint


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article with the whole file as its text. Its first lines may be title, by-line and date."""
    decoded = decode(raw, hint.charset)
    return compose(decoded.text, hint, is_file=True, warnings=decoded.warnings)


FORMAT = Format(
    name="text file",
    extensions=(".txt", ".text"),
    media_types=("text/plain",),
    sniff=lambda head: True,
    parse=parse,
)
