"""All tables in one place to import from; the nouns live in the modules named below."""

from worker.store.articles import Article, ArticleSource, Fingerprint, Outlet, Story
from worker.store.base import Base
from worker.store.documents import DOCUMENT_OPEN, DOCUMENT_STATES, Document
from worker.store.folder import FILE_OPEN, FILE_STATES, File, FileDocument, Inbox
from worker.store.people import Decision, Speaker, SpeakerKey, SpeakerName
from worker.store.quotes import (
    Extraction,
    ExtractorVersion,
    Quote,
    QuoteHistory,
    QuoteSpeaker,
    Statement,
    StatementKey,
)
from worker.store.work import Part, ReprocessItem, ReprocessRun

__all__ = [
    "DOCUMENT_OPEN",
    "DOCUMENT_STATES",
    "FILE_OPEN",
    "FILE_STATES",
    "Article",
    "ArticleSource",
    "Base",
    "Decision",
    "Document",
    "Extraction",
    "ExtractorVersion",
    "File",
    "FileDocument",
    "Fingerprint",
    "Inbox",
    "Outlet",
    "Part",
    "Quote",
    "QuoteHistory",
    "QuoteSpeaker",
    "ReprocessItem",
    "ReprocessRun",
    "Speaker",
    "SpeakerKey",
    "SpeakerName",
    "Statement",
    "StatementKey",
    "Story",
]
