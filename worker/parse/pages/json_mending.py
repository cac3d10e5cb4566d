"""Reading the JSON in scripts of pages, also where it is broken in ways that are plain to mend."""

import html
import json
import re

from worker.parse.records.json_values import load
from worker.reasons import Refused

MOST_VALUES = 50  # read at most this many values of one script
COMMENT = re.compile(r"/\*(?:(?!\*/|/\*).){0,5000}\*/|^[ \t]*//[^\n]*$", re.DOTALL | re.MULTILINE)
TRAILING_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
ESCAPE = re.compile(r"\\([\"\\/bfnrt]|u[0-9a-fA-F]{4})?")
BEGINNING = re.compile(r"\A(?://|/\*)?\s{0,20}(?:<!--|<!\[CDATA\[)\s{0,20}(?:\*/)?")
END = re.compile(r"(?://|/\*)?\s{0,20}(?:-->|\]\]>)\s{0,20}(?:\*/)?\Z")
NEXT_VALUE = re.compile(r"[\s,;]*")
TYPE = re.compile(r'"@type"\s{0,20}:\s{0,20}\[?\s{0,20}"([\w:/.]{1,60})"')
FIELD = re.compile(
    r'"(headline|datePublished|dateCreated|url|articleSection|inLanguage)"\s{0,20}:\s{0,20}"(.{0,500}?)"(?=\s{0,20}[,}\]]|\s*\Z)'
)
NAMED = re.compile(
    r'"(author|publisher|creator)"\s{0,20}:\s{0,20}[\[{\s]{0,40}(?:"@type"\s{0,20}:\s{0,20}"\w{1,40}"\s{0,20},\s{0,20})?'
    r'(?:"name"\s{0,20}:\s{0,20})?"([^"{}\[\]:]{1,200})"(?!\s{0,20}:)'
)


def values(script: str) -> list[object]:
    """Return the values of a script: usually one; several if objects stand one behind the other."""
    bare = _unwrapped(script)
    if not bare:
        return []
    for mended in (bare, *_mended(bare)):
        try:
            return [load(mended)]
        except Refused:
            if found := _several(mended):
                return found
    return [fields] if (fields := _fields(bare)) else []


def _unwrapped(script: str) -> str:
    """Return the script without the comment or CDATA marks that old pages put around it. Each end is checked once."""
    bare = script.strip().removesuffix(";").rstrip()
    if end := END.search(bare[-40:]):
        bare = bare[: len(bare) - len(end[0])]
    return BEGINNING.sub("", bare, count=1).strip()


def _mended(bare: str) -> list[str]:
    """Return the script with its character references decoded, and then without comments, commas and bad escapes."""
    decoded = html.unescape(bare) if "&quot;" in bare or "&#34;" in bare else bare
    without = TRAILING_COMMA.sub("", COMMENT.sub("", decoded))
    return [decoded, ESCAPE.sub(lambda match: match[0] if match[1] else "", without)]


def _several(text: str) -> list[object]:
    """Return the values that stand one behind the other in a script; none if there is only one that breaks off."""
    decoder = json.JSONDecoder(strict=False)
    found: list[object] = []
    place = 0
    while place < len(text) and len(found) < MOST_VALUES:
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        found.append(value)
        place = match.end() if (match := NEXT_VALUE.match(text, place)) else place
    return found if any(isinstance(value, dict | list) for value in found) else []


def _fields(text: str) -> dict[str, object]:
    """Return the plain fields of a script that describes one article and is broken beyond mending."""
    types = TYPE.findall(text)
    articles = [kind for kind in types if kind.endswith(("Article", "BlogPosting"))]
    if len(articles) != 1:
        return {}
    fields: dict[str, object] = {"@type": articles[0]}
    for name, value in FIELD.findall(text):
        fields.setdefault(name, value.replace('\\"', '"').replace("\\/", "/"))
    for name, value in NAMED.findall(text):
        fields.setdefault(name, value)
    return fields
