"""The sign between two parts of a quotation changes nothing about which quotations are the same statement."""

from worker.dedupe.wording import keys, likeness, wording
from worker.dedupe.words import without_omissions
from worker.extract.building import OMITTED

PLAIN = "We were not consulted at all, The government is writing cheques for Lowmark."
SHOWN = f"We were not consulted at all, {OMITTED} The government is writing cheques for Lowmark."


def test_the_sign_is_no_word_and_begins_no_sentence() -> None:
    assert without_omissions(SHOWN) == PLAIN
    assert wording(SHOWN) == wording(PLAIN)
    assert keys(SHOWN) == keys(PLAIN)
    assert likeness(SHOWN, PLAIN) == 1.0
