"""The watcher, on real files, a real database and a real broker."""
