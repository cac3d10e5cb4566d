"""The layout of a text, found before anything is read: paragraphs, sentences, quotation marks in pairs."""
