"""The formats: one module for each, with a `FORMAT`. `worker.parse.registry` finds every module here."""
