"""The names of the roles that only read; `readers` says what they may not do."""

READER = "onrecord_reader"
"""The role of analysts and their programs."""
REPORT = "onrecord_report"
"""The role of our own commands that ask questions, and of the page."""
