"""Mail: header words as programs break them, the lines of a text, forwarded messages, and who a sender is."""

import time
from email import message_from_string

import pytest

from tests.unit.parse.reading_files import PAGE, only_outcome
from worker.parse import Article
from worker.parse.mails.encoded_words import decoded
from worker.parse.mails.mail_farewell import LEFT_OUT
from worker.parse.mails.mail_forward import bare_subject, forwarded
from worker.parse.mails.mail_lines import readable, readable_with_warnings
from worker.parse.mails.mail_sender import Sender, sender
from worker.parse.mails.prose import prose_words, shared_share

SENTENCE = "The ferry will not sail for three weeks, the board of the harbour said."
HEADERS = [
    ("plain", "plain"),
    ("=?utf-8?Q?Caf=C3=A9_closed?=", "Café closed"),
    ("=?UTF-8?Q?Caf=C3?= =?utf-8?Q?=A9?=", "Café"),
    ("=?utf-8?B?Q2Fmw?=\r\n =?utf-8?B?6kgY2xvc2Vk?=", "Café closed"),
    ("=?utf-8?B?Q2Fmw6k=?= =?utf-8?B?IGNsb3NlZA==?=", "Café closed"),
    ("=?utf-8?Q?Caf=C3=A9 closed?=", "Café closed"),
    ("=?utf-8*en?Q?Caf=C3=A9?=", "Café"),
    ("Re: =?iso-8859-1?Q?Caf=E9?= news", "Re: Café news"),
    ("=?utf-8?Q?Why=3F?=", "Why?"),
    ("=?utf-8?B?SGFyYm91ciBzdGF5cyBjbG9zZ", "Harbour stays clos"),
    ("=?utf-8?Q?50=_off?=", "50= off"),
    ("=?x-no-such?Q?Harbour?=", "Harbour"),
    ("Caf\udcc3\udca9 closed", "Café closed"),
    ("=?utf-8?Q??= =?utf-8?B??= x", " x"),
]


@pytest.mark.parametrize(("value", "text"), HEADERS)
def test_encoded_words(value: str, text: str) -> None:
    assert decoded(value) == text


def test_lines_that_are_only_folded_are_joined() -> None:
    text = "The ferry will not \r\nsail.\r\n\r\n> Who \r\n> says so?\r\n>> I do.\r\n-- \r\nPia Holt\r\n"
    assert readable(text, is_flowed=True) == "The ferry will not sail.\n\nWho says so?\n\nI do."
    assert readable("今日は \r\n晴れ。\r\n", is_flowed=True, deletes_space=True) == "今日は晴れ。"
    assert readable(" From here \r\n >no quote\r\n", is_flowed=True) == "From here >no quote"


def test_a_quoted_text_is_told_apart() -> None:
    assert readable("I agree.\n> He said no.\n> \n> And went.\nSo do I.") == (
        "I agree.\n\nHe said no.\n\nAnd went.\n\nSo do I."
    )
    assert readable("Ships come.\n>From the north, above all.\nAnd go.") == (
        "Ships come.\nFrom the north, above all.\nAnd go."
    )


def test_html_that_names_its_encoding_itself() -> None:
    words = f"<p>Паром не пойдёт.</p><p>{SENTENCE * 3}</p>"
    page = f"<html><head><meta charset=windows-1251></head><body>{words}</body></html>"
    raw = b"From: a\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n" + page.encode("cp1251")
    article = only_outcome(raw, "a.eml")
    assert isinstance(article, Article) and "Паром не пойдёт." in article.text


def test_a_subject_that_says_nothing_gives_way_to_the_title_of_the_page() -> None:
    raw = b"From: a\r\nSubject: Fwd:\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE
    article = only_outcome(raw, "a.eml")
    assert isinstance(article, Article) and article.title == "Quay"


def test_what_stands_around_a_text_is_left_out() -> None:
    assert readable(f"{SENTENCE}\n--\nPia Holt\n+00 555\n") == SENTENCE
    assert readable(f"{SENTENCE}\n--\n{SENTENCE}\n") == f"{SENTENCE}\n--\n{SENTENCE}"
    assert readable(f"{SENTENCE}\n{'_' * 40}\nA list\nhttps://lists.example\n") == SENTENCE
    assert readable(f"View online: https://a.example/1\n\n{SENTENCE}\n\nUnsubscribe: https://a.example/2") == SENTENCE
    told = f"{SENTENCE}\n\n“You can unsubscribe at https://a.example,” said Pia Holt, who sends the letters to all."
    assert readable(told) == told


OPT_OUT = "Residents may opt out of the plan until the end of the month."
KEPT = {
    "a sentence about leaving": f'{SENTENCE}\n\n{OPT_OUT}\n\n"It is good," said Ann Lee.\n\nWrite to n@a.example.',
    "the same at the end": f"{SENTENCE}\n\n{OPT_OUT}\n\nWrite to n@a.example.",
    "with an address": f"{SENTENCE}\n\n{OPT_OUT} The form is at https://a.example/form",
    "in German": f"{SENTENCE}\n\nAnwohner können sich bis Ende Mai vom Dienst abmelden, heißt es.\n\nn@a.example",
    "a preface": f"{SENTENCE}\n\nUnsubscribe: https://a.example/u\n\n{SENTENCE}\n\n'It is safe,' said Tom Byrne.",
    "a second story": f"{SENTENCE}\n{'_' * 40}\n{SENTENCE} More: https://a.example/2",
    "a quotation below a rule": f"{SENTENCE}\n{'_' * 40}\n“No,” said Ann Lee.\nhttps://a.example/2",
    "a quotation below hyphens": f'{SENTENCE}\n-- \n"We will not go," said Ann Lee.',
}


@pytest.mark.parametrize("case", KEPT)
def test_what_belongs_to_an_article_stays(case: str) -> None:
    text = KEPT[case]
    assert readable_with_warnings(text) == ("\n".join(line.rstrip() for line in text.split("\n")), ())


LEFT = [
    "Unsubscribe: https://a.example/u",
    "Unsubscribe\n\nhttps://a.example/u",
    "You are receiving this because you signed up on our web site.\n\nUnsubscribe: https://a.example/u",
    "To unsubscribe from the newsletter, write to stop@a.example.\n\n© 2024 The Sandvig Mail. All rights reserved.",
    "Sie können den Newsletter jederzeit hier abbestellen, wenn Sie wollen: https://a.example/u .",
    "-- \nYou received this message because you are subscribed to the group \"Ferry\".\nUnsubscribe: u@a.example",
]  # fmt: skip


@pytest.mark.parametrize("farewell", LEFT)
def test_a_farewell_is_left_out_with_a_warning(farewell: str) -> None:
    text = f"{SENTENCE}\n\n“It is late,” said Pia Holt."
    assert readable_with_warnings(f"{text}\n\n{farewell}") == (text, (LEFT_OUT,))
    if not farewell.startswith("--"):
        assert readable_with_warnings(f"{text}\n\n{SENTENCE}\n{farewell}") == (f"{text}\n\n{SENTENCE}", (LEFT_OUT,))


def test_many_words_of_leaving_take_little_time() -> None:
    text = "\n\n".join(['unsubscribe opt out you are receiving this "x" https://a.example'] * 15_000)
    started = time.process_time()
    readable(text)
    assert time.process_time() - started < 5


FORWARDS = {
    "Gmail": "---------- Forwarded message ---------\nFrom: Una Roe <u@a.example>\nDate: Tue, Mar 7, 2023 at 11:30 AM\n"
    "Subject: Ferry\nTo: <x@a.example>\n\n\n",
    "Outlook": "________________________________\nFrom: Una Roe <u@a.example>\nSent: Tuesday, March 7, 2023 11:30 AM\n"
    "To: X <x@a.example>\nSubject: Ferry\n\n",
    "Apple": "Begin forwarded message:\n\nFrom: Una Roe <u@a.example>\nSubject: Ferry\nDate: 7 March 2023 11:30\n"
    "To: x@a.example\n\n",
    "in French": "De : Una Roe <u@a.example>\nEnvoyé : 7 March 2023 11:30\nÀ : X <x@a.example>\nObjet : Ferry\n\n",
}


@pytest.mark.parametrize("program", FORWARDS)
def test_forwarded_messages(program: str) -> None:
    found = forwarded(f"Please file.\n\n{FORWARDS[program]}{SENTENCE}", "Fwd: Ferry")
    assert found is not None
    assert (found.note, found.text, found.author) == ("Please file.", SENTENCE, "Una Roe")
    assert found.is_main


def test_a_list_of_fields_in_a_text_is_no_forwarded_message() -> None:
    assert forwarded("The ship:\n\nLength: 40 m\nBuilt: 1988\nOwner: the town\n\nIt sails.", "Ferry") is None
    contact = "Media contact:\n\nName: Ann Lee\nPhone: 555 0100\nEmail: ann@town.example\n\n"
    assert forwarded(f"{contact}{SENTENCE}", "Ferry") is None
    talk = "They said:\n\nAnn: Write to ann@a.example\nBob: I will not.\nCat: So will I.\n\n"
    assert forwarded(f"{talk}{SENTENCE}", "Ferry") is None
    assert forwarded("Where: the quay\nWhen: noon\nAsk: una@a.example\n\nCome all.", "Ferry") is None


def mail(subject: str, media_type: str, body: str) -> bytes:
    """Return a mail of Pia Holt with this body."""
    head = f"From: Pia Holt <pia@holt.example>\nSubject: {subject}\nDate: Wed, 08 Mar 2023 09:00:00 +0000\n"
    return f"{head}MIME-Version: 1.0\nContent-Type: {media_type}; charset=utf-8\n\n{body}".encode()


def test_a_mail_with_a_contact_keeps_its_fields() -> None:
    contact = "Media contact:\nName: Ann Lee\nPhone: 555 0100\nEmail: ann@town.example"
    article = only_outcome(mail("Ferry", "text/plain", f"{contact}\n\n{SENTENCE}"), "a.eml")
    assert isinstance(article, Article)
    assert (article.authors, article.published_at) == (("Pia Holt",), "2023-03-08T09:00:00+00:00")
    assert "Phone: 555 0100" in article.text


def test_a_short_forwarded_message_is_no_footer() -> None:
    body = f"Please file.\n\n{FORWARDS['Outlook']}{SENTENCE}\n\n{SENTENCE}\n"
    article = only_outcome(mail("FW: Ferry", "text/plain", body), "a.eml")
    assert isinstance(article, Article)
    assert (article.text, article.authors) == (f"Please file.\n\n{SENTENCE}\n\n{SENTENCE}", ("Una Roe",))


def test_the_head_of_a_message_forwarded_as_html_is_no_text() -> None:
    fields = "<br>".join(
        f"<b>{name}:</b> {value}"
        for name, value in (("From", "Una Roe &lt;u@a.example&gt;"), ("Sent", "Tuesday, March 7, 2023 11:30 AM"))
    )
    head = f"<div>{fields}<br><b>To:</b> X &lt;x@a.example&gt;<br><b>Subject:</b> Ferry</div>"
    story = f"<p>{SENTENCE}</p><p>“It will dry,” said the mayor, and went home to his supper.</p>" * 2
    page = f"<html><body><p>Please file.</p><hr>{head}{story}</body></html>"
    article = only_outcome(mail("FW: Ferry", "text/html", page), "a.eml")
    assert isinstance(article, Article)
    assert "u@a.example" not in article.text and SENTENCE in article.text
    assert (article.authors, article.title) == (("Una Roe",), "Ferry")


SENDERS = [
    ('"The Sandvig Mail" <news@sandvigmail.example>', Sender(outlet="The Sandvig Mail")),
    ("Valley Echo <news@echo.example>", Sender(outlet="Valley Echo")),
    ("Pia Holt <pia.holt@valleyecho.example>", Sender(author="Pia Holt")),
    ("Pia Holt <pia@holt.example>", Sender(author="Pia Holt")),
    ("Pia Holt <newsletter@valleyecho.example>", Sender(author="Pia Holt")),
    ("Pia Holt from Valley Echo News <news@echo.example>", Sender("Pia Holt", "Valley Echo News")),
    ("=?utf-8?Q?Holt=2C_Pia?= <pia@a.example>", Sender(author="Holt, Pia")),
    ("news@echo.example", Sender()),
    ("Newsletter <newsletter@echo.example>", Sender()),
]


@pytest.mark.parametrize(("value", "right"), SENDERS)
def test_senders(value: str, right: Sender) -> None:
    assert sender(message_from_string(f"From: {value}\n\n")) == right


@pytest.mark.parametrize("subject", ["Fwd: Ferry", "RE: FW: Ferry", "AW: WG: Ferry", "TR : Ferry", "Re[2]: Ferry"])
def test_subjects_without_prefixes(subject: str) -> None:
    assert bare_subject(subject) == "Ferry"
    assert bare_subject("Report: the ferry") == "Report: the ferry"


def test_prose_is_counted_without_links_and_labels() -> None:
    assert prose_words(SENTENCE) == 14
    assert prose_words("View in your browser\n\nMenu Home News Sport Weather Jobs Cars Houses Deaths") == 0
    assert prose_words("港は三週間閉鎖される、と町の港湾委員会が火曜日に発表した。") > 10
    assert shared_share(SENTENCE, f"Before. {SENTENCE} After.") == 1.0
    assert shared_share(SENTENCE, "Nothing of this is in the other text at all, so nothing is shared.") == 0.0
