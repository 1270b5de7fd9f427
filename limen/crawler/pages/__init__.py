"""Site knowledge, pure: bytes of a feed, list, sitemap or page in, what it links to out. Nothing here fetches."""
