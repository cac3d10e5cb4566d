"""Invented items of an agency, in the formats that agencies send: NewsML-G2, ninjs and NITF."""

import json

FERRY = (
    "The ferry to the island of Brenna will not sail until April, its operator said on Tuesday. "
    "“We have looked for a second ship from here to Norway, and there is none,” said Ansgar Holm, who heads the line. "
    "The union of seafarers called the decision wrong and asked for talks with the company before the end of March. "
    "The post boat takes twelve people a day, and a helicopter flies on Fridays if the weather lets it. "
    "The mayor of the island wants the county to pay for a second boat until the engines of the ferry are repaired."
)
CORRECTED = FERRY.replace("twelve people", "fifteen people").replace("until April", "until the end of May") + (
    " A school trip of forty pupils had to be put off, and the bakery has begun to bake its own bread again."
)
USABLE, CANCELED = "stat:usable", "stat:canceled"


def item(version: int, text: str | None, *, guid: str = "urn:newsml:coast.example:20240305:ferry", **more: str) -> str:
    """Return a NewsML-G2 item; without a text it has a headline only."""
    status = more.get("status", USABLE)
    words = more.get("title", "Ferry to Brenna stops for the winter")
    paragraphs = "".join(f"<p>{part}</p>" for part in (text or "").split("\n\n")) if text else ""
    content = (
        '<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        f"{paragraphs}</body></html></inlineXML></contentSet>"
        if text
        else ""
    )
    created = more.get("created", f"2024-03-05T1{version % 10}:00:00+00:00")
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="{version}" xml:lang="en">'
        f'<itemMeta><itemClass qcode="ninat:text"/><provider literal="{more.get("provider", "Coast Wire")}"/>'
        f'<versionCreated>{created}</versionCreated><pubStatus qcode="{status}"/></itemMeta>'
        f"<contentMeta><contentCreated>2024-03-05T10:00:00+00:00</contentCreated><headline>{words}</headline>"
        f"</contentMeta>{content}</newsItem>"
    )


def message(*items: str) -> str:
    """Return a NewsML-G2 message with several items."""
    return (
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header/><itemSet>'
        + "".join(items)
        + "</itemSet></newsMessage>"
    )


def ninjs(version: str, text: str, *, uri: str, status: str = "usable") -> str:
    """Return a ninjs item on one line."""
    fields = {
        "uri": uri,
        "version": version,
        "versioncreated": f"2024-03-05T1{version}:00:00Z",
        "pubstatus": status,
        "type": "text",
        "headline": "Ferry to Brenna stops",
        "provider": "Coast Wire",
        "body_text": text,
    }
    return json.dumps(fields)
