"""Bytes to text: one reader per format, all of them giving Markdown."""
