"""The fields at the top of a Markdown file, in the part of YAML and TOML that programs write there.

Read are single values, lists in one line or in several, and texts in several lines. Fields inside other fields are not.
"""

import re
from dataclasses import dataclass, field

FRONT_MATTER = re.compile(
    r"\s*(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<fields>.{0,20000}?)(?<=\n)(?:(?P=fence)|\.\.\.)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL,
)
KEY = re.compile(r"""["']?(?P<key>[A-Za-z_][\w .-]{0,40}?)["']?[ \t]*[:=](?=\s|\Z|["'\[])[ \t]*(?P<value>.*)\Z""")
ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>.*)\Z")
INNER = re.compile(r"[ \t]+(?:-[ \t]+)?(?P<key>name|display_name|title)[ \t]*[:=][ \t]+(?P<value>.*)\Z")
QUOTED = re.compile(r""""(?:[^"\\]|\\.){0,2000}"|'(?:[^']|''){0,2000}\'""")
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
NOWHERE = "\0"  # the name of a field whose lines are not read
MOST_LINES = 500
MOST_VALUES = 100  # of one field

Value = str | list[str]


@dataclass(slots=True)
class FrontMatter:
    """The fields by their names in lower case, with "_" for blanks and hyphens, and the offset behind them."""

    end: int = 0
    fields: dict[str, Value] = field(default_factory=dict)

    def value(self, *names: str) -> Value | None:
        """Return the first of these fields that is not empty."""
        return next((self.fields[name] for name in names if self.fields.get(name)), None)

    def text(self, *names: str) -> str | None:
        """Return the first of these fields as a text: the first value of a list."""
        values = (self.fields.get(name) for name in names)
        return next((value if isinstance(value, str) else value[0] for value in values if value), None)


def front_matter(text: str) -> FrontMatter:
    """Return the fields at the top of a text; none if it does not begin with them."""
    match = FRONT_MATTER.match(text)
    if match is None:
        return FrontMatter()
    found = FrontMatter(match.end())
    current: str | None = None
    folded = False  # the field is a text in several lines
    for line in match["fields"].splitlines()[:MOST_LINES]:
        bare = line.rstrip()
        if re.match(r"\[{1,2}[\w.]+\]{1,2}\Z", bare):  # a table of TOML: its fields are not those of the article
            current = None if bare.strip("[]") in ("params", "extra") else NOWHERE
            continue
        is_inner = line[:1].isspace() or ITEM.match(line) is not None or (current == NOWHERE)
        key = None if is_inner else KEY.match(bare)
        if key is None:
            _add(found.fields, current, bare, folded)
            continue
        current = re.sub(r"[ -]", "_", key["key"].lower())
        folded = key["value"].strip() in ("|", ">", "|-", ">-", "|+", ">+")
        if current not in found.fields:
            found.fields[current] = "" if folded else _value(key["value"])
        else:
            current = NOWHERE
    return found if found.fields or not match["fields"].strip() else FrontMatter()


def _add(fields: dict[str, Value], name: str | None, line: str, folded: bool) -> None:
    """Add a line that stands below a field to its value."""
    known = fields.get(name) if name else None
    if known is None or name is None or not line.strip() or line.lstrip().startswith("#"):
        return
    if folded and isinstance(known, str):
        fields[name] = f"{known} {line.strip()}".strip()[:2000]
        return
    inner, item = INNER.match(line), ITEM.match(line)
    values = known if isinstance(known, list) else []
    if len(values) >= MOST_VALUES or (isinstance(known, str) and known not in ("", "[")):
        if isinstance(known, str) and known.startswith("["):  # a list in brackets over several lines
            fields[name] = _value(f"{known} {line.strip()}")
        elif isinstance(known, str) and line[:1].isspace() and not item:
            fields[name] = f"{known} {_plain(line)}"[:2000]
        return
    if inner:
        fields[name] = [*values, _plain(inner["value"])]
    elif item and not re.match(r"[\w-]{1,30}:\s", item["value"]):
        fields[name] = [*values, _plain(item["value"])]
    elif known == "[":
        fields[name] = _value(f"[ {line.strip()}")


def _value(text: str) -> Value:
    """Return the value of a field in one line."""
    bare = text.strip()
    if bare.startswith("[") and not bare.startswith("[["):
        inner = bare[1:].rpartition("]")
        if not inner[1]:
            return bare
        pieces = [match[0] for match in re.finditer(QUOTED.pattern + r"|[^,\s][^,]*", inner[0])]
        return [value for value in map(_plain, pieces[:MOST_VALUES]) if value]
    if named := re.match(r"\{.{0,200}?\bname\s?[:=]\s?(?P<name>\"[^\"]{1,200}\"|'[^']{1,200}'|[^,}]{1,200})", bare):
        return _plain(named["name"])
    return _plain(bare)


def _plain(text: str) -> str:
    """Return a value without its quotation marks, escapes and comment."""
    bare = text.strip()
    quoted = QUOTED.match(bare)
    if quoted:
        inner = quoted[0][1:-1]
        if quoted[0][0] == "'":
            return inner.replace("''", "'")
        return ESCAPE.sub(lambda match: chr(int(match[1][1:], 16)) if len(match[1]) == 5 else match[1], inner)
    bare = re.split(r"\s#\s?", bare, maxsplit=1)[0].strip()
    return "" if bare in ("~", "null") else bare
