"""Checks of the tables (`onrecord check`): asks every question of `worker.store.checking`, and repairs what it can."""
