"""One spider per way of discovery. What is special about a site is in its TOML."""
