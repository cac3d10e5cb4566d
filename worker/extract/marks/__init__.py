"""Finds the layout of a text before the network reads it: paragraphs, sentences, and pairs of quotation marks."""
