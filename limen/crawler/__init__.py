"""Net to Snapshot: Scrapy spiders, one per way of discovery; a source is a TOML file."""
