"""One module a format, each with a `FORMAT`; `worker.parse.registry` finds them here by itself."""
