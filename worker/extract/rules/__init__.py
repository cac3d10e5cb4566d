"""Quotations by rule, in forms that the trained reader's corpus hardly has: transcripts, signatures, introductions."""
