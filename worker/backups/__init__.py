"""Writes a backup of the whole database, and restores one: beside the old database, which it then replaces.

Begin to read with `restoring`. The commands are in `worker.cli.backup`.
"""
