"""Mail: header words as programs break them, the lines of a text, forwarded messages, and who a sender is."""

from email import message_from_string

import pytest

from tests.unit.parse.reading_files import PAGE, only_outcome
from worker.parse import Article
from worker.parse.encoded_words import decoded
from worker.parse.mail_forward import bare_subject, forwarded
from worker.parse.mail_lines import readable
from worker.parse.mail_sender import Sender, sender
from worker.parse.prose import prose_words, shared_share

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
    assert forwarded("Where: the quay\nWhen: noon\nAsk: una@a.example\n\nCome all.", "Ferry") is None


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
