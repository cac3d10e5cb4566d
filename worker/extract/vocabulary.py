"""Word lists. They are written as running text, because that is short and easy to read."""


def words(listing: str) -> frozenset[str]:
    """Return the words of a listing, split at white space."""
    return frozenset(listing.split())
