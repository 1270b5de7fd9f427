"""The address of a search: an entry point with its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, unquote_plus, urlencode, urlsplit, urlunsplit


def with_query(url: str, parameters: Mapping[str, str | Sequence[str]]) -> str:
    """Return `url` with parameters at its end; those of the same name that it has already are replaced.

    A sequence repeats its parameter. What stays keeps its bytes.
    """
    parts = urlsplit(url)
    kept = [each for each in parts.query.split("&") if each and unquote_plus(each.partition("=")[0]) not in parameters]
    added = urlencode(parameters, doseq=True, quote_via=quote)
    return urlunsplit(parts._replace(query="&".join([*kept, *filter(None, [added])])))
