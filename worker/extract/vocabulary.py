"""Word lists, written as running text, which stays readable and short."""


def words(listing: str) -> frozenset[str]:
    """Return the words of a listing, split at white space."""
    return frozenset(listing.split())
