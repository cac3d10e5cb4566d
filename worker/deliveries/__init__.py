"""Watch-lists: finds the new quotations that match a saved search, and tells receivers of them."""
