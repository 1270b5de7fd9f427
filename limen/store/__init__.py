"""Domain values to and from the database."""
