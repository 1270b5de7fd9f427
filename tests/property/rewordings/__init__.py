"""Rewordings that must not change what a text requires, each a relation over many made-up sentences.

A relation draws a rule from a dice and returns the ways to write it down; all of them say the same.
"""

from tests.property.rewordings import bounds, dates, duties, layout, numbers, pages, units, wording

__all__ = ["bounds", "dates", "duties", "layout", "numbers", "pages", "units", "wording"]
