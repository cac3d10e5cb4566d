"""Reading pages: which blocks are the article's text, and what the page says about it."""
