"""Watching the inboxes: see a file, wait until it is at rest, write its row into the ledger, and ring for the row."""
