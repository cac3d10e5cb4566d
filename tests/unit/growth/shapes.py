"""Shapes of texts: each can be made of any size, and is known or suspected to make some stage slow."""

from collections.abc import Callable
from itertools import count

Shape = Callable[[int], str]
"""Makes a text of about the given number of code points."""


def word(number: int) -> str:
    """Return a word with a capital; another one for each number."""
    letters = ""
    number += 700
    while number:
        letters += chr(ord("a") + number % 26)
        number //= 26
    return letters.capitalize()


def repeated(piece: str) -> Shape:
    """Return the shape of one piece again and again."""
    return lambda size: (piece * (size // len(piece) + 1))[:size]


def numbered(make: Callable[[int], str]) -> Shape:
    """Return the shape of ever new pieces; `make` gets their numbers."""

    def shape(size: int) -> str:
        pieces: list[str] = []
        length = 0
        for number in count():
            pieces.append(make(number))
            length += len(pieces[-1])
            if length >= size:
                break
        return "".join(pieces)[:size]

    return shape


def around(before: str, middle: str, after: str) -> Shape:
    """Return the shape of a long middle between a beginning and an end."""
    return lambda size: before + middle * (size // len(middle)) + after


def nested(opening: str, closing: str) -> Shape:
    """Return the shape of marks that all open before one closes."""
    return lambda size: opening * (size // 2 // len(opening)) + "we go" + closing * (size // 2 // len(closing))


def edited(size: int) -> str:
    """Return two long quotations by one speaker: the second has an edit at every ninth word."""
    words = ["we", "go", "on", "and", "on", "again", "now"] * (size // 50)
    other = [word if number % 9 else word + "x" for number, word in enumerate(words)]
    return f"“{' '.join(words)},” said Ana Ferro. “{' '.join(other)},” said Ana Ferro."


SHAPES: dict[str, Shape] = {
    # marks
    "straight marks": repeated('"'),
    "opening marks": repeated("“"),
    "pairs of marks": repeated("“a” "),
    "single marks": repeated("'"),
    "opened in each line": repeated("“We go on\n"),
    "opened in each paragraph": around("", "“We go on.\n", "”, said Ana Ferro."),
    "guillemets": repeated("«we go on» "),
    "low marks": repeated("„we go on“ "),
    "mixed marks": repeated("“'«\"‘ "),
    "nested marks": nested("“‘", "’”"),
    "nested words": nested("“we ‘go ", "on’ now” "),
    "brackets": repeated("(we) [go] "),
    "dashes": repeated("— we - go -- "),
    "colons": repeated("we: go: "),
    "commas": repeated(", said, "),
    # names
    "names": numbered(lambda n: f"{word(n)} {word(n * 7 + 3)} met. "),
    "one first name": numbered(lambda n: f"“I will not go,” said Anna {word(n)}. Anna left. "),
    "first name as a source": numbered(lambda n: f"Anna {word(n)} came. “I will not go,” Anna said. "),
    "one surname": numbered(lambda n: f"{word(n)} Dahl said no. “We go,” said Dahl. "),
    "surnames": numbered(lambda n: f"“It is late,” {word(n)} said. "),
    "initials": numbered(lambda n: f"“We go,” said {chr(65 + n % 26)}. {chr(65 + n // 26 % 26)}. {word(n)}. "),
    "only initials": repeated("A. B. C. "),
    "roles": numbered(lambda n: f"The {word(n).lower()} minister {word(n)} Holm came. “No way,” the minister said. "),
    "pronouns": repeated("“No way out,” he said.\n“Yes we do,” she said.\n"),
    # labels
    "new labels": numbered(lambda n: f"{word(n)}: I think we will go now, he said.\n"),
    "labels in capitals": numbered(lambda n: f"{word(n).upper()}: I think we will go now, said Bo.\n"),
    "the same labels": repeated("PENCE: We will go.\nWALLACE: I asked you.\n"),
    "quoted labels": numbered(lambda n: f'"{word(n % 900).upper()}: I think we will go now.\n'),
    "questions and answers": repeated("Q. What is it?\nA. I do not know.\n"),
    "signatures": numbered(lambda n: f"“We {word(n)} go {n} now.”\n— {word(n)} {word(n + 30)}, mayor\n\n"),
    # words and sentences
    "one word": repeated("a"),
    "one sentence": repeated("and the mayor said that the bridge is late "),
    "one sentence of names": numbered(lambda n: f"and {word(n)} Dahl said that "),
    "one paragraph of marks": repeated("“we go on,” she said, and "),
    "verbs": repeated("he said she told him they asked "),
    "capitals": repeated("THE MAYOR SAID NO. "),
    "no spaces": repeated("我们说“不行，我们走”。"),
    "tabs": repeated("a\t"),
    "blanks": around("We go", " ", "on."),
    "line breaks": repeated("we\n\n"),
    "digits": repeated("12 345 "),
    "accents": repeated("a\u0301\u0301\u0301"),
    "full stops": repeated(". "),
    "soft hyphens": repeated("“We go,” said Ana Fer\u00adro. "),
    "links to articles": repeated("READ MORE: “We go,” says Ana Ferro\n\n"),
    "credits": repeated("(photo by (photo: photo by " * 12 + "\n\n"),
    "posts": repeated("@ana: no #go https://a.example/c "),
    # quotations
    "an edited quotation": edited,
    "one quotation": around("“", "we go on. ", "” said Ana Ferro."),
    "short quotations": repeated("“No,” he said. “We go,” said Ana Ferro. "),
    "new short quotations": numbered(lambda n: f"“We {word(n)} go {n} now,” said Ana Ferro. "),
    "numbered quotations": numbered(lambda n: f"“We will all go home at {n} today, I think so,” said Ana Ferro. "),
    "many short speakers": numbered(lambda n: f"“We {word(n)} go {n} now,” said {word(n * 3)} Ferro. "),
}
