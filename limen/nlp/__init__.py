"""Bytes to text to requirements."""
