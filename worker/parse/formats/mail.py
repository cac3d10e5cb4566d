"""Mail (.eml): newsletters and forwarded articles. The subject becomes the title, the sender the author or outlet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.message import Message
from itertools import groupby

from worker.parse.article import Article
from worker.parse.compose import compose, one_line
from worker.parse.facts.dates import PublicationDate, publication_date
from worker.parse.format import Format, Hint
from worker.parse.formats import page
from worker.parse.mails.mail_forward import Forwarded, bare_subject, forwarded
from worker.parse.mails.mail_parts import HTML, Leaf, decoded_part, leaves, plain_part
from worker.parse.mails.mail_sender import Sender, sender
from worker.parse.mails.mime import header, message, payload_warnings
from worker.parse.mails.prose import is_prose, prose_words
from worker.parse.pages.markup import plain_text
from worker.reasons import Reason, Refused

HEADERS = re.compile(rb"(?:[!-9;-~]{1,80}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,50}){3}")
MARKS = frozenset('"“”„«»‘’「」:')
LONGEST_SIGNATURE = 200  # a last part with more characters is no signature
SHORT_PART = "part of a mail: its last part, a few words that look like a signature, was left out"


@dataclass(frozen=True, slots=True)
class Section:
    """The text of one part, or of several HTML parts in a row; of HTML also the article with its fields."""

    text: str
    owner: Message
    article: Article | None
    warnings: tuple[str, ...]


def parse(raw: bytes, hint: Hint) -> Article:
    """Return the article in the mail: the text of all its parts in order, also of messages that it forwards.

    Raise `Refused(no_text)` if the mail has no part with text.
    """
    mail = message(raw)
    found = leaves(mail)
    if not found:
        raise Refused(Reason.NO_TEXT, "The mail has no text part. If the article is attached, drop the attachment.")
    sections, left_out = _without_signature(_sections(found, hint))
    article = _joined(sections, mail, hint, left_out)
    return _with_fields(article, mail, sections)


def _sections(found: list[Leaf], hint: Hint) -> list[Section]:
    """Return the texts of the parts in order. Raise the refusal of an HTML part if there is no other text."""
    sections: list[Section] = []
    refusal: Refused | None = None
    for (kind, _), group in groupby(found, key=lambda leaf: (leaf.kind, id(leaf.owner))):
        parts = list(group)
        try:
            if kind == HTML:
                sections.append(_page(parts, hint, alone=len(parts) == len(found)))
            else:
                sections += map(_plain, parts)
        except Refused as refused:
            refusal = refusal or refused
    sections = [section for section in sections if section.text.strip()]
    if not sections and refusal is not None:
        raise refusal
    return sections


def _plain(leaf: Leaf) -> Section:
    decoded = plain_part(leaf.part)
    return Section(decoded.text, leaf.owner, None, (*payload_warnings(leaf.part), *decoded.warnings))


def _page(parts: list[Leaf], hint: Hint, *, alone: bool) -> Section:
    """Return the text of HTML parts, read as one page. If it is no article, but not all of the mail, keep its words."""
    decoded = [decoded_part(leaf.part) for leaf in parts]
    warnings = [warning for leaf in parts for warning in payload_warnings(leaf.part)]
    warnings += [warning for each in decoded for warning in each.warnings]
    markup = "\n".join(each.text for each in decoded)
    try:
        article = page.parse(markup.encode("utf-8", "replace"), replace(hint, charset="utf-8"))
    except Refused as refusal:
        if alone or refusal.reason is not Reason.NO_TEXT:
            raise
        return Section(plain_text(markup), parts[0].owner, None, tuple(warnings))
    return Section(article.text, parts[0].owner, article, (*warnings, *article.warnings))


def _without_signature(sections: list[Section]) -> tuple[list[Section], bool]:
    """Return the sections without a last one that says nothing, and whether there was one."""
    if len(sections) > 1 and any(prose_words(section.text) for section in sections[:-1]):
        last = sections[-1].text
        is_said = is_prose(last) or not MARKS.isdisjoint(last) or len(last) > LONGEST_SIGNATURE
        if sections[-1].owner is sections[-2].owner and not is_said:
            return sections[:-1], True
    return sections, False


def _joined(sections: list[Section], mail: Message, hint: Hint, left_out: bool) -> Article:
    """Return one article with the text of all sections, and the fields of the first page among them."""
    pages = [section.article for section in sections if section.article is not None]
    warnings = dict.fromkeys(warning for section in sections for warning in section.warnings)
    if left_out:
        warnings[SHORT_PART] = None
    if len(sections) == 1 and pages and forwarded(sections[0].text, header(sections[0].owner, "Subject")) is None:
        return replace(pages[0], warnings=tuple(warnings))
    text = "\n\n".join(_texts(sections, mail))
    if not pages:
        return compose(text, hint, warnings=warnings)
    first = pages[0]
    article = compose(text, hint, title=first.title, authors=first.authors, outlet=first.outlet, url=first.url)
    return replace(
        article,
        licence=article.licence or first.licence,
        published_at=first.published_at,
        date_source=first.date_source,
        warnings=tuple(dict.fromkeys((*warnings, *article.warnings))),
    )


def _texts(sections: list[Section], mail: Message) -> Iterable[str]:
    """Yield the texts in order; in a digest of several messages, the subject of each stands before its text."""
    is_digest = len({id(section.owner) for section in sections if section.owner is not mail}) > 1
    before: Message | None = None
    for section in sections:
        if is_digest and section.owner is not mail and section.owner is not before:
            yield from filter(None, [bare_subject(header(section.owner, "Subject"))])
        before = section.owner
        head = forwarded(section.text, header(section.owner, "Subject"))
        yield "\n\n".join(filter(None, (head.note, head.text))) if head else section.text


def _with_fields(article: Article, mail: Message, sections: list[Section]) -> Article:
    """Return the article with the fields of the message that holds it: the mail, or the one that it forwards."""
    owners = {id(section.owner): section.owner for section in sections}
    main = mail
    if len(owners) <= 2:
        main = max(owners.values(), key=lambda owner: _prose_of(sections, owner))
    subject = header(main, "Subject") or header(mail, "Subject")
    title = _title(subject, mail)
    inner = next(filter(None, (forwarded(each.text, subject) for each in sections if each.owner is main)), None)
    who, date = _who_and_when(main, inner)
    if date is None:
        date = publication_date(header(mail, "Date"), "mail")
    return replace(
        article,
        title=title or article.title,
        authors=(who.author,) if who.author else article.authors,
        outlet=article.outlet or who.outlet,
        published_at=date.at if date else article.published_at,
        date_source=date.source if date else article.date_source,
    )


def _who_and_when(main: Message, inner: Forwarded | None) -> tuple[Sender, PublicationDate | None]:
    if inner is not None and inner.is_main:
        return Sender(author=inner.author), inner.date
    return sender(main), publication_date(header(main, "Date"), "mail")


def _prose_of(sections: list[Section], owner: Message) -> int:
    return sum(prose_words(section.text) for section in sections if section.owner is owner)


def _title(subject: str | None, mail: Message) -> str | None:
    """Return the subject without "Fwd:" and without the name of the mailing list in brackets."""
    bare = bare_subject(subject)
    named = re.match(r"\[([^\]]{2,60})\]\s*(?=\S)", bare) if bare else None
    if bare and named and _letters(named[1]) in _letters(header(mail, "List-Id") or header(mail, "List-Post") or ""):
        bare = bare_subject(bare[named.end() :])
    return one_line(bare)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


FORMAT = Format(
    name="mail",
    extensions=(".eml",),
    media_types=("message/rfc822",),
    sniff=lambda head: HEADERS.match(head) is not None,
    parse=parse,
    mixed=True,
)
