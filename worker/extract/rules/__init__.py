"""Quotations by rule: what the marks and words around them settle for certain, and the net under the trained reader."""
