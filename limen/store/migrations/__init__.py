"""Alembic environment: revisions of the tables."""
