"""How word lists are written down in these rooms: as running text, which stays readable and short."""


def words(listing: str) -> frozenset[str]:
    """The words of a listing, split at white space."""
    return frozenset(listing.split())
