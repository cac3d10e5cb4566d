"""Imports all tables, so that other modules can import them from here; the modules below define them."""

from worker.store.tables.articles import Article, ArticleSource, Fingerprint, Outlet, Story
from worker.store.tables.base import Base
from worker.store.tables.changes import Change, ChangeMark, ToldQuote
from worker.store.tables.files import Document, File, FileDocument, Inbox
from worker.store.tables.forgetting import Mark
from worker.store.tables.items import Item, ItemVersion
from worker.store.tables.quotes import (
    ConfidenceFloor,
    Extraction,
    ExtractorVersion,
    KeysToSettle,
    Quote,
    QuoteHistory,
    QuoteSpeaker,
    Statement,
    StatementKey,
)
from worker.store.tables.speakers import (
    Decision,
    DecisionLock,
    FormMove,
    ListedSpeaker,
    ListName,
    ListRow,
    Speaker,
    SpeakerKey,
    SpeakerName,
    SpeakerToSettle,
    SurnameLock,
)
from worker.store.tables.watch_lists import Delivery, Receiver, WatchList
from worker.store.tables.work import Check, JobLock, Process, ReprocessItem, ReprocessRun

__all__ = [
    "Article",
    "ArticleSource",
    "Base",
    "Change",
    "ChangeMark",
    "Check",
    "ConfidenceFloor",
    "Decision",
    "DecisionLock",
    "Delivery",
    "Document",
    "Extraction",
    "ExtractorVersion",
    "File",
    "FileDocument",
    "Fingerprint",
    "FormMove",
    "Inbox",
    "Item",
    "ItemVersion",
    "JobLock",
    "KeysToSettle",
    "ListName",
    "ListRow",
    "ListedSpeaker",
    "Mark",
    "Outlet",
    "Process",
    "Quote",
    "QuoteHistory",
    "QuoteSpeaker",
    "Receiver",
    "ReprocessItem",
    "ReprocessRun",
    "Speaker",
    "SpeakerKey",
    "SpeakerName",
    "SpeakerToSettle",
    "Statement",
    "StatementKey",
    "Story",
    "SurnameLock",
    "ToldQuote",
    "WatchList",
]
