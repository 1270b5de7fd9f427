"""Limen watches regulators and the trade press for numeric requirements, and tells people when one changes."""

__version__ = "0.1.0"
