"""Bodies that speak by a name: ministries, newspapers, companies, parties, countries."""

import re

from worker.extract.quotation import Mention
from worker.speakers.within.acronyms import Acronyms
from worker.speakers.within.bodynames import BodyNames, body_words, clean_name, is_body_like, name_at
from worker.speakers.within.capitals import COMPOUND, begins_sentence
from worker.speakers.within.listed import is_well_known_body
from worker.speakers.within.names import OFFICES, PLURAL_ACRONYM, TOKEN, plain
from worker.speakers.within.phrases import SourcePhrase
from worker.speakers.within.wordlists import (
    BODY_NAMES,
    BODY_NOUNS,
    BODY_WORDS,
    INDEFINITE,
    LEGAL,
    NON_NAMES,
    PERSON_HEADS,
    PLACES,
    PREPOSITIONS,
    RELATIVES,
    THINGS,
    word_set,
)

DETERMINER = re.compile(r"(?:the|its|their|his|her|this)\s+", re.IGNORECASE)
CAPITAL = re.compile(r"[A-Z]|\d+[A-Z]")
KINDS = word_set("newspaper paper magazine website site station channel network agency daily weekly broadcaster")
"""Nouns behind the name of a body that say what it is, and are left out."""
INSIDE_NAMES = word_set("de du des der del")
"""Words in lower case that stand inside names: "Compagnie des Docks"."""
NO_NOUNS = PREPOSITIONS | INSIDE_NAMES
MAKERS = word_set(
    """
    broadcaster brokerage retailer insurer manufacturer automaker carmaker chipmaker lender brewer publisher airline
    regulator watchdog charity supplier miner
    """
)
"""Nouns for a body that seldom begin the name of one."""
OF_PLACE = re.compile(
    r"[Tt]he (?P<name>(?:government|ministry|university|city|county|town|province|state)"
    r" of (?:the )?[A-Z]\w+(?: [A-Z]\w+){0,3})"
)
"""A body that is called by its noun and its place."""
OWNER = re.compile(r"(?P<owner>[^,()]+?)['’]s? (?=[A-Z])")
ITS_ACRONYM = re.compile(r" ?\((?P<acronym>[A-Z][\w&]*)\)")
JOINT = re.compile(rf"(?:{ITS_ACRONYM.pattern})?(?:,? and |, )(?:the )?")
BOTH = re.compile(r"(?:[Bb]oth )?(?:[Tt]he )?")
LAST = re.compile(rf"[ \u00a0.,’']*s?(?:{ITS_ACRONYM.pattern})?[ \u00a0.,]*(?:on)?")
"""What may stand behind the last name of a joint source."""
LONGEST_ACRONYM = 6
"""At most this many characters in a body's acronym, full stops not counted."""


class Bodies:
    """The bodies that speak in one article, each by the fullest form of its name."""

    def __init__(self, text: str, names: BodyNames) -> None:
        self.names = names
        self.given: dict[str, str] = {}
        """Acronyms that the article gives in brackets and that speak, by the full names."""
        self._text = text
        self._spoken: dict[str, str] = {}
        self._acronyms: Acronyms | None = None  # read only if an acronym speaks

    def name(self, phrase: SourcePhrase) -> str | None:
        """Return the name of the body that a source means; None if it means no body by its name."""
        span = self._head(phrase)
        return self.full(self._text[slice(*span)]) if span else self._of_place(phrase)

    def is_whole_name(self, phrase: SourcePhrase) -> bool:
        """True if a source is nothing but the name of a body, which may have a noun for a person: "Burger King"."""
        words = TOKEN.findall(phrase.core)
        return len(words) > 1 and all(word[0].isupper() for word in words) and self.names.knows(phrase.core)

    def joint(self, source: Mention) -> list[str]:
        """Return the names of the bodies that speak together: "Paramount, Universal and Warner Brothers"; else none.

        Each must be a body that the article names, alone, or with a legal ending. It is one body if the acronym behind
        it has the initials of all: "Dunholt and Greymoor Bank (DGB)".
        """
        if " and " not in source.text or JOINT.sub("", source.text) == source.text:
            return []
        spans: list[tuple[int, int]] = []
        both = BOTH.match(self._text, source.start, source.end)
        place = both.end() if both else source.start
        while place < source.end:
            place = self._skip_nouns(place, source.end) if not spans else place
            name = name_at(self._text, place) if CAPITAL.match(self._text, place, source.end) else None
            if name is None or not self.names.knows(self._text[slice(*name)]):
                return []
            spans.append(name)
            gap = JOINT.match(self._text, name[1], source.end)
            place = gap.end() if gap else source.end
            if gap is None and name[1] < source.end and not LAST.fullmatch(self._text, name[1], source.end):
                return []
        if len(spans) < 2:
            return []
        acronym = ITS_ACRONYM.match(self._text, spans[-1][1])
        whole = self._full_name(acronym["acronym"]) if acronym else ""
        if whole.startswith(f"{self._text[slice(*spans[0])]} "):
            return [self.full(whole)]
        return [self.full(self._text[slice(*span)]) for span in spans]

    def full(self, name: str) -> str:
        """Return the fullest form of a body's name in this article, the same one for all of its forms."""
        name = clean_name(name)
        acronym = name if name.isupper() and 1 < len(name.replace(".", "")) <= LONGEST_ACRONYM else ""
        if acronym:
            name = self._full_name(acronym)
        name = self.names.full(name)
        name = self._spoken.setdefault(" ".join(body_words(name)), name)
        if acronym and self._acronyms is not None and self._acronyms.is_given(acronym):
            self.given[name] = acronym
        return name

    def _full_name(self, acronym: str) -> str:
        if self._acronyms is None:
            self._acronyms = Acronyms(self._text)
        return self._acronyms.full_name(acronym)

    def _of_place(self, phrase: SourcePhrase) -> str | None:
        """Return a name that begins with a small letter: "government of Southern Province"; else None."""
        match = OF_PLACE.match(self._text, phrase.start, phrase.core_end)
        return match["name"] if match and match.end() == phrase.core_end else None

    def _head(self, phrase: SourcePhrase) -> tuple[int, int] | None:
        """Return the span of the name at the head of a source; None if there is none.

        Nouns in front that say what the body is do not belong to the name: "accountancy firm Ernst & Young". Neither
        does an owner: "Japan's Toshiba". Nouns behind it do, if they are part of a body's name: "Lowmark police".
        """
        text, end = self._text, phrase.core_end
        start = phrase.start
        determiner = DETERMINER.match(text, start, end)
        if determiner:
            start = determiner.end()
        owner = OWNER.match(text, start, end)
        if owner and self._owns(owner["owner"], text[owner.end() : end]):
            start = owner.end()
        begin, start = start, self._skip_nouns(start, end)
        described = plain(text[begin:start].split()[-1]) in BODY_NOUNS if start > begin else False
        name = name_at(text, start) if CAPITAL.match(text, start, end) else None
        if name is not None and name[1] == phrase.end + 1 and text[phrase.end] == ".":
            name = name[0], phrase.end  # the full stop of "Corp." is the sentence's
        if name is None or name[1] > phrase.end:
            return None
        rest = text[name[1] : end].strip(" \u00a0.") if name[1] < end else ""
        behind = rest.split()
        while behind and plain(behind[0]) in PREPOSITIONS:
            behind = []
        if behind:
            nouns = [plain(word) for word in behind]
            if len(nouns) > 2 or nouns[-1] not in BODY_WORDS or nouns[-1] in THINGS or nouns[-1] in PERSON_HEADS:
                return None
            first = plain(text[slice(*name)].split()[0])
            if nouns[-1].endswith("s") or first in INDEFINITE:
                return None  # "many phone companies"
            if nouns[-1] in KINDS:
                return name
            return name[0], text.index(behind[-1], name[1]) + len(behind[-1])
        return name if self._is_name(name, determiner is not None, described) else None

    def _owns(self, owner: str, rest: str) -> bool:
        """True if a possessive before a body's name is its owner's or its country's."""
        words = [plain(word) for word in owner.split()]
        if not words:
            return False
        capitals = re.match(r"[A-Z]\w*(?: [A-Z]\w*)?", rest)
        return (
            words[-1] in LEGAL
            or all(word in PLACES for word in words)
            or (capitals is not None and (" " in capitals[0] or capitals[0].isupper()) and len(words) < 3)
        ) and words[-1] != "people"

    def _skip_nouns(self, start: int, end: int) -> int:
        """Return the offset after the nouns that describe a body before its name; `start` if there are none."""
        words = [(match.start(), match[0]) for match in re.finditer(r"\S+", self._text[start:end])]
        skipped = start
        if len(words) > 1 and plain(words[0][1]) in MAKERS and begins_sentence(self._text, start):
            skipped = start + words[1][0] if CAPITAL.match(words[1][1]) else start  # "Brokerage Barlow Securities"
        for number in range(1, len(words)):
            before = words[number - 1][1]
            if plain(words[number][1]) in PREPOSITIONS | RELATIVES or plain(before) in NO_NOUNS:
                break
            if CAPITAL.match(words[number][1]) and (before == "and" or before.startswith("&")):
                break
            if CAPITAL.match(words[number][1]) and (before.islower() or COMPOUND.search(before)):
                skipped = start + words[number][0]
        return skipped

    def _is_name(self, span: tuple[int, int], has_article: bool, described: bool) -> bool:
        """True if capitalised words are the name of a body, and not a first word that only begins the sentence.

        `has_article` is true if "the" stands before them, `described` if a noun for a body does.
        """
        name = self._text[slice(*span)]
        words = body_words(name)
        if not words or all(word in NON_NAMES or word in PERSON_HEADS for word in words):
            return False
        last = name.split()[-1]
        if PLURAL_ACRONYM.fullmatch(last) or last in OFFICES or plain(name.split()[0]) in LEGAL:
            return False
        if words[0] in INDEFINITE and not has_article:
            return False
        if (
            words in self.names.by_words
            or is_well_known_body(words)
            or self.names.full(name) != name
            or name.isupper()
            or all(word in PLACES for word in words)
        ):
            return True
        if is_body_like(tuple(plain(word) for word in name.split())) and (len(words) > 1 or len(name.split()) > 1):
            return True
        if len(words) == 1 and begins_sentence(self._text, span[0]):
            return not has_article and not words[0].endswith("s") and words[0] not in BODY_NOUNS
        return has_article or described or len(words) > 1 or words[0] in BODY_NAMES
