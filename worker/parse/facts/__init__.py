"""The facts of an article: title, authors, outlet, date, and where its body begins and ends."""
