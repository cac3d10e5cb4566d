"""The measurements whose results the README quotes.

Each figure (a measured number) is printed beside its floor, the least cost that any such design could have. Figure and
floor are measured in the same run.
"""
