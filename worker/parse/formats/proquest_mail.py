"""ProQuest in a mail: its HTML part is an export."""

from worker.parse.bundles import proquest, proquest_mail
from worker.parse.bundles.bundle import format_of

FORMAT = format_of(
    proquest.PAGE_BUNDLE,
    name="ProQuest export (mail)",
    sniff=proquest_mail.looks_like,
    text_of=proquest_mail.text_of_mail,
)
