"""Which extractor this is: what `extractor_versions` records and what makes an older article outdated."""

MODE = "rules"
GENERATION = 1
MODEL_HASH: str | None = None


def name() -> str:
    """The extractor's name as it is shown in reports: mode, generation and, where there is one, the model."""
    model = f"-{MODEL_HASH[:12]}" if MODEL_HASH else ""
    return f"{MODE}-{GENERATION}{model}"
