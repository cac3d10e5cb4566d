"""The formats, one module each with a `FORMAT`; `worker.parse.registry` finds every module here."""
