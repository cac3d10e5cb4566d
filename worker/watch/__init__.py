"""Watching the inboxes: see a file, wait until it is at rest, publish it into the ledger, ring for it."""
