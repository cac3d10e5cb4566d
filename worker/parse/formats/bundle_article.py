"""One article of a bundle: the member that splitting a bundle yields."""

from worker.parse.bundles.entry import MEDIA_TYPE, parse
from worker.parse.format import Format

FORMAT = Format(
    name="article of a database",
    extensions=(),
    media_types=(MEDIA_TYPE,),
    sniff=lambda head: False,
    parse=parse,
)
