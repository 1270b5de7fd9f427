"""Pages that are nothing but a sign to another address."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response

LONGEST_STUB = 4096
"""Bytes; a larger page is a document, whatever it refreshes."""


class StubRefreshMiddleware(MetaRefreshMiddleware):
    """Follows `<meta http-equiv=refresh>` of pages that hold nothing else, and spares all others the search for one."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the request for where a stub leads, or the response as it is, also where it only leads to itself."""
        if len(response.body) > LONGEST_STUB:
            return response
        answer: Request | Response = super().process_response(request, response)
        reloads = isinstance(answer, Request) and answer.url == response.url
        return response if reloads else answer
