"""The folder: observe it, wait until a file is at rest, scan it, and let what is there wait in the ledger."""
