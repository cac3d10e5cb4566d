"""Writing the quotation marks of `<q>`, which browsers draw by the language of the text, into the text."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MARKS = {  # the outer and the inner marks, by the Unicode Consortium's CLDR, as browsers draw them
    **dict.fromkeys(("de", "cs", "sk", "sl", "is", "lt", "et", "bg", "mk", "ka", "hr", "sr", "bs"), "„“‚‘"),
    **dict.fromkeys(("fr", "pt-pt", "it", "es", "ca", "gl", "el", "ar"), "«»“”"),
    **dict.fromkeys(("ru", "uk", "be"), "«»„“"),
    **dict.fromkeys(("pl", "hu", "ro"), "„”«»"),
    **dict.fromkeys(("da", "nb", "no", "nn"), "«»‘’"),
    **dict.fromkeys(("sv", "fi"), "””’’"),
    **dict.fromkeys(("ja", "zh-tw", "zh-hk"), "「」『』"),
    "de-ch": "«»‹›",
    "da": "“”‘’",
    "hu": "„”»«",
}
ENGLISH = "“”‘’"
OWN_MARKS = "\"'“”„«»‘’‚‹›「」『』"


def mark_quotations(root: "HtmlElement", language: str | None) -> None:
    """Write the marks of each `<q>` into the text, in its own language or that of the page, and make it a span."""
    for quotation in list(root.iter("q")):
        quotation.set("q", "")
        quotation.tag = "span"
        begin = next((text.lstrip() for text in quotation.itertext() if text.strip()), "")
        if not begin or begin[0] in OWN_MARKS:
            continue  # the page turns the browser's marks off, and writes its own
        above = [element for element in quotation.iterancestors() if isinstance(element.tag, str)]
        inner = sum(element.get("q") is not None for element in above) % 2
        own = quotation.get("lang") or next((lang for element in above if (lang := element.get("lang"))), language)
        marks = _marks(own)[2 * inner : 2 * inner + 2]
        quotation.text = f"{marks[0]}{quotation.text or ''}"
        if len(quotation):
            quotation[-1].tail = f"{quotation[-1].tail or ''}{marks[1]}"
        else:
            quotation.text += marks[1]


def _marks(language: str | None) -> str:
    code = (language or "").strip().lower().replace("_", "-")
    return MARKS.get(code) or MARKS.get(code.partition("-")[0]) or ENGLISH
