"""A list of GDELT: it has no texts, and is refused with a sentence how to get them."""

from worker.parse.bundles import lists
from worker.parse.bundles.bundle import head_text
from worker.parse.format import Format

FORMAT = Format(
    name="list of GDELT",
    extensions=(),
    sniff=lambda head: lists.is_gdelt(head_text(head)),
    split=lists.refusing("GDELT", has_names=lists.first_line_has_names),
    narrow=True,
)
