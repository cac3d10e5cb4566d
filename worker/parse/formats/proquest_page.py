"""ProQuest in HTML."""

from worker.parse.bundles import proquest
from worker.parse.bundles.bundle import format_of
from worker.parse.bundles.pages import text_of_page

FORMAT = format_of(
    proquest.PAGE_BUNDLE, name="ProQuest export (HTML)", sniff=proquest.looks_like_page, text_of=text_of_page
)
