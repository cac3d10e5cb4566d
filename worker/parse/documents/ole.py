"""Documents in the container of Office before 2007 (OLE), in which newer ones with a password are as well."""

from worker.reasons import Reason, Refused

BEGINNING = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the name of a stream in the container
OLD = "It is a document of Office before 2007. Open it, save it as .docx and drop it again."


def refused(raw: bytes) -> Refused:
    """Return the refusal that says what to do with such a document."""
    if ENCRYPTED in raw:
        return Refused(Reason.UNREADABLE, "The document has a password. Save it without the password.")
    return Refused(Reason.UNSUPPORTED_TYPE, OLD)
