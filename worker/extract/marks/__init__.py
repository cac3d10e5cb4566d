"""What is certain about a text before anything is read: paragraphs, sentences, quotation marks in pairs."""
