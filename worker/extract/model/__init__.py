"""The trained reader: word pieces in windows, tags, spans, links. See `training/` for how it was made."""
