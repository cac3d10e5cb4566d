"""The records of crawls, and how their bytes are packed."""
