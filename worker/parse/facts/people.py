"""The people who wrote an article, from by-lines as all formats have them: "By ANA FERRO and Tomas Rell, Reuters"."""

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from worker.parse.facts.date_words import BESIDE, CHANGED_WORDS, MONTHS, plain
from worker.parse.facts.people_offices import without_office
from worker.parse.facts.people_words import (
    AGENCIES,
    AGENCY_NAMES,
    ANONYMOUS,
    ANONYMOUS_ENDS,
    ASSOCIATIONS,
    BODIES,
    DEGREES,
    INTRODUCTION,
    KINDS,
    PARTICLES,
    PLACES,
    ROLES,
    SUFFIXES,
)

MOST = 50  # keep at most this many authors
LONGEST = 1000  # look at no more than this many characters of one by-line
LONGEST_OUTLET = 100
SHORTEST_OUTLET = 6  # letters of an outlet that is looked for in a by-line
LONGEST_NAME = 8  # a name of a person has at most this many words
DEEPEST = 4  # lists and objects in each other
TAG = re.compile(r"<[^<>]{1,200}>")
WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]{1,200}\|)?([^\[\]|]{1,200})\]\]")
MAIL = re.compile(r"(?i)<?\b(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}>?")
ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.)\S{1,1000}|\b[\w-]{1,60}(?:\.[\w-]{1,60}){1,3}/\S{0,500}")
HANDLE = re.compile(r"(?<!\w)@\w{1,50}")
BRACKETS = re.compile(r"\s*(?:\([^()]{0,200}\)|\[[^\[\]]{0,200}\]|<[^<>]{0,200}>)")
OTHER_CREDIT = re.compile(
    r"(?i)[\s,;|/–—-]+(?:photo(?:s|graphs?|graphy)?|pictures?|video|graphics?|illustrations?|fotos?|bild(?:er)?|images?"
    r"|photographies)\s*(?:by|:|von|de|courtesy)\b.*"
)
STRONG = re.compile(
    r"\s*([;|•·/\t，、]|\s[–—-]+\s|\s[&+]\s|\s(?:and|und|with|mit|avec|con|med|och|og|sowie|plus|и|та)\s|,\s?(?:and|und|&)\s)\s*"
)
LOOSE = re.compile(r"\s(?:et|y|e|en|i|ja|oraz|a)\s")
LEADING_TO = "to|of|for|from|at|with|pour|für|bei|von|vom|de|du|des|del|da|do|di|voor|van|para|per|för|på|fra|från"
"""Words that lead from a name to the outlet behind it."""
AND = "and|und|et|y|e|en|och|og|&"
PLACE = re.compile(
    r"\s+(?:(?:[Ss]pecial(?:ly)?|SPECIAL(?:LY)?)\s(?:[Tt]o|[Ff]or|TO|FOR)\s.*|(?:In|IN|At|AT|For|FOR|From|FROM|THE)\s.*"
    r"|(?:in|at|for|from|near|aus|für|bei|chez|pour|à|au|voor|desde|para|en|på|fra|från|of|to|on)\s.*|[Tt]he\s.*|@.*)"
)
TRAILING = re.compile(r"[\s,;:|/*–—-]+\Z|\A[\s,;:|/*.–—-]+")
REPEATED = re.compile(r"""'((?:[^'\\]|\\.){1,200})'|"((?:[^"\\]|\\.){1,200})\"""")


def people(value: object, outlet: str | None = None) -> tuple[str, ...]:
    """Return each author once, in order: names of people without introductions, offices, places and addresses.

    `value` is a by-line, an object with a `name`, or a list of these. The outlet itself is no author; nor is "Staff".
    The name of another body is kept only if nobody else is named.
    """
    found: dict[str, str] = {}
    for by_line in by_lines(value):
        for name in _names(_without_outlet(by_line, outlet)):
            key = _key(name)
            if key and key != _key(outlet or "") and not _is_of(name, outlet):
                found.setdefault(key, name)
    persons = [name for name in found.values() if not is_agency(name)]
    return tuple(persons or found.values())[:MOST]


def by_lines(value: object, depth: int = 0) -> Iterator[str]:
    """Yield the by-lines in a string, in an object with a name, or in lists of these."""
    if isinstance(value, str):
        text = value[:LONGEST].strip()
        if text.startswith("[") and text.endswith("]") and not text.startswith("[["):  # a list that was printed
            quoted = [single or double for single, double in REPEATED.findall(text)]
            yield from quoted or [text[1:-1]]
        elif text:
            yield text
    elif isinstance(value, dict) and depth < DEEPEST:
        yield from by_lines(_name_in(value), depth + 1)
    elif isinstance(value, Iterable) and depth < DEEPEST:
        for item in islice(value, 4 * MOST):
            yield from by_lines(item, depth + 1)


def _without_outlet(by_line: str, outlet: str | None) -> str:
    """Return the by-line with a bar for the outlet in it, and for what leads to it: "Ana Ferro of the Courier"."""
    if not outlet or len(outlet) < SHORTEST_OUTLET:
        return by_line
    pattern = _outlet_pattern(outlet[:LONGEST_OUTLET])
    return pattern.sub(" | ", by_line) if pattern else by_line


@lru_cache(maxsize=64)
def _outlet_pattern(outlet: str) -> re.Pattern[str] | None:
    """Return the pattern of an outlet in a by-line: "Mail Online" also as "Mailonline", and as its domain."""
    bare = re.sub(r"(?i)\Athe\s+", "", outlet)
    words = re.findall(r"\w+|[^\w\s]+", bare if len(bare) >= SHORTEST_OUTLET else outlet)
    if not words:
        return None
    name = r"[\s._-]{0,3}".join(map(re.escape, words))
    lead = rf"(?:(?<!\S)(?:special(?:ly)?\s+(?:to|for)|{LEADING_TO})\s+)?(?:(?<!\S)(?:the|der|die|das|le|la|el|il)\s+)?"
    return re.compile(rf"(?i)\s*{lead}(?<![a-z0-9]){name}(?:\.[a-z]{{2,6}}){{0,2}}(?![a-z0-9])(?:\s+(?:{AND})\s)?")


def is_agency(name: str) -> bool:
    """True for the name of a news agency."""
    return name.casefold() in AGENCIES or name.casefold() in AGENCY_NAMES


def is_person(name: str) -> bool:
    """True if a text looks like the name of one person: two to five words in capitals, with particles between."""
    words = name.split()
    folded = [word.casefold().strip(".,") for word in words]
    if not 2 <= len(words) <= 5 or any(map(str.isdigit, name)) or name.casefold() in PLACES or is_agency(name):
        return False
    if any(word in BODIES or word in ROLES or word in AGENCIES for word in folded) or re.search(r"[?!:“”\"„«»]", name):
        return False
    capital = [word for word in words if not word[0].islower()]
    low = [word for word in words if word[0].islower() and word.casefold() not in PARTICLES and "'" not in word[:3]]
    return len(capital) >= 2 and not low and all(re.match(r"[^\W\d_]", word) for word in words)


def introduction(line: str) -> int:
    """Return the length of what introduces the names of a by-line ("By ", "Von ", "Text: "); 0 if nothing does."""
    match = INTRODUCTION.match(line[:LONGEST])
    return match.end() if match else 0


def _key(name: str) -> str:
    """Return a name by which it is compared: its letters and digits, without "the"."""
    return re.sub(r"^the|[\W_]+", "", re.sub(r"[\W_]+", "", name.casefold()))


def _is_of(name: str, outlet: str | None) -> bool:
    """True for a name of the outlet and its staff ("Lowmark Courier Staff"), or its domain ("lowmarkcourier.com")."""
    known = _key(outlet or "")
    if len(known) < 4:
        return False
    rest = _key(name).replace(known, "", 1)
    return rest != _key(name) and (
        not rest or rest in BODIES or rest in ROLES or rest in ("com", "org", "net", "online")
    )


def _name_in(fields: dict[object, object]) -> object:
    """Return the name in an object that describes an author."""
    for key in ("name", "display_name", "displayName", "fullName", "full_name", "title", "author", "byline"):
        if fields.get(key):
            return fields[key]
    for given, family in (("givenName", "familyName"), ("first_name", "last_name"), ("firstName", "lastName")):
        parts = [part for part in (fields.get(given), fields.get(family)) if isinstance(part, str) and part.strip()]
        if parts:
            return " ".join(parts)
    return None


def _names(by_line: str) -> Iterator[str]:
    """Yield the names in one by-line."""
    first, _, below = by_line.strip().partition("\n")
    text = _bare(f"{first} | {below}" if below and is_person(_bare(first)) else by_line)
    if is_agency(text):
        yield text
        return
    pieces = STRONG.split(text)
    is_body = text.rpartition(" ")[2].casefold() in ASSOCIATIONS or (not is_person(pieces[0]) and _is_body(text))
    if len(pieces) > 1 and is_body and "," not in text:
        pieces = [text]  # "Arts and Sports Association"
    for place, piece in enumerate(pieces[::2]):
        mark = pieces[2 * place - 1].strip() if place else ""
        for number, part in enumerate(_listed(piece)):
            name = _name(part)
            is_further = number > 0 or (mark != "" and not mark.isalpha() and mark not in (";", "&", "+", "，", "、"))
            if name and (is_person(name) or not is_further):
                if place and not is_further and not is_person(name) and not _may_be_further(name):
                    continue
                yield name


def _bare(by_line: str) -> str:
    """Return the by-line without mark-up, addresses, brackets and what introduces it."""
    text = html.unescape(by_line)
    text = WIKI_LINK.sub(r"\1", TAG.sub(" ", text)) if "<" in text or "[[" in text else text
    mail = MAIL.search(text)
    if mail and not re.sub(r"[\s()<>\"']", "", text[: mail.start()]):  # RSS: "ana@lowmark.example (Ana Ferro)"
        text = text[mail.end() :].strip(" ()\"'")
    text = HANDLE.sub(" ", ADDRESS.sub(" ", MAIL.sub(" ", text)))
    text = " ".join(OTHER_CREDIT.sub("", BRACKETS.sub(" ", text)).split())
    text = _without_date(text)
    for _ in range(3):
        text = text[introduction(text + " ") :] if introduction(text + " ") else text
    return text.strip()


def _without_date(text: str) -> str:
    """Return the by-line without the date that may follow the names."""
    number = re.search(r"(?:\A|[\s,;|·•–—-])\d", text)
    if number is None:
        return text
    words = re.split(r"[\s,;|·•–—-]+", text[: number.start()])
    kept = len(words)
    while kept and (plain(words[kept - 1]).strip(":.") in (*MONTHS, *BESIDE, *CHANGED_WORDS) or not words[kept - 1]):
        kept -= 1
    if kept == len(words):
        return text[: number.start()]
    return text[: text.rindex(words[kept - 1]) + len(words[kept - 1])] if kept else ""


def _listed(piece: str) -> list[str]:
    """Return the parts between the commas of a by-line; "Ferro, Ana" is one part, "Ana Ferro"."""
    parts = [part.strip() for part in piece.split(",") if part.strip()]
    if len(parts) > 1:
        for place in range(len(parts) - 1, 0, -1):
            if parts[place].casefold() in SUFFIXES:
                parts[place - 1 : place + 1] = [f"{parts[place - 1]} {parts[place]}"]
    parts = parts[:1] + [part for part in parts[1:] if part.casefold() not in DEGREES]
    if len(parts) == 2 and _is_inverted(*parts):
        return [f"{parts[1]} {parts[0]}"]
    if (
        len(parts) >= 4
        and len(parts) % 2 == 0
        and all(_is_inverted(*parts[at : at + 2]) for at in range(0, len(parts), 2))
    ):
        return [f"{parts[at + 1]} {parts[at]}" for at in range(0, len(parts), 2)]
    return [half for part in parts for half in _halves(part)]


def _halves(part: str) -> list[str]:
    """Return both names of "Ana Ferro y Tomas Rell". Such words may be inside a name, so both must be whole names."""
    for match in LOOSE.finditer(part):
        if is_person(part[: match.start()]) and is_person(part[match.end() :].split(" en ")[0]):
            return [part[: match.start()], *_halves(part[match.end() :])]
    return [part]


def _is_inverted(surname: str, given: str) -> bool:
    """True for a surname and the given names of the same person."""
    family, first = surname.split(), given.split()
    known = {word.casefold().strip(".") for word in (*family, *first)}
    if known & (ROLES | BODIES | AGENCIES | KINDS) or any(map(str.isdigit, surname + given)):
        return False
    is_family = len(family) == 1 or (len(family) <= 3 and all(word.casefold() in PARTICLES for word in family[:-1]))
    return is_family and len(first) <= 2 and all(word[:1].isupper() for word in (family[-1], *first))


def _name(part: str) -> str | None:
    """Return the name at the beginning of a part, without the office and the place; None if there is no name."""
    name = TRAILING.sub("", part)
    if ANONYMOUS_ENDS.match(name):
        return None
    place = PLACE.search(name)
    if place and len(name[: place.start()].split()) >= 2:
        name = name[: place.start()]
    words = without_office(name.split())
    name = TRAILING.sub("", " ".join(words))
    if not name or len(words) > LONGEST_NAME or any(map(str.isdigit, name)) or not any(map(str.isalpha, name)):
        return None
    folded = name.casefold().strip(".")
    if folded in ANONYMOUS or ANONYMOUS_ENDS.search(name) or folded in KINDS:
        return None
    if len(words) > 1 and all(word.casefold() in ROLES | KINDS | ANONYMOUS for word in words):
        return None
    return _in_normal_case(name)


def _is_body(text: str) -> bool:
    return any(word.casefold().strip(".,") in BODIES for word in text.split())


def _may_be_further(name: str) -> bool:
    """True if a text that follows "and" can be a further name, and not an office, a section or half a sentence."""
    return len(name.split()) == 1 and name[:1].isupper() and name.casefold() not in ROLES | KINDS | BODIES


def _in_normal_case(name: str) -> str:
    """Return a name in capitals ("ANA DE FERRO-RELL") as it is usually written."""
    words = name.split()
    if len(words) > 1 and len(words[-1]) > 3 and words[-1].isupper() and not words[0].isupper():
        return " ".join([*words[:-1], _word_in_normal_case(words[-1], 1)])  # "Ana FERRO", as in French
    letters = [word for word in words if sum(map(str.isalpha, word)) > 1]
    if not letters or not all(word.isupper() for word in letters):
        return name
    if len(words) == 1 and (len(name) <= 4 or is_agency(name)):
        return name
    return " ".join(_word_in_normal_case(word, place) for place, word in enumerate(words))


def _word_in_normal_case(word: str, place: int) -> str:
    if place and word.casefold() in PARTICLES:
        return word.lower()
    if len(word.strip(".")) <= 2 and not re.search(r"(?i)[aeiouyäöü]", word) and place == 0:
        return word  # "JD"
    if re.fullmatch(r"(?:\w\.){1,4}", word):
        return word  # "J.K."
    lower = re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), word)
    lower = re.sub(r"(?<=[’'])S\b", "s", lower)
    return re.sub(r"\bMc([a-z])", lambda match: "Mc" + match[1].upper(), lower)
