"""Repositories: domain values in and out of a session that the caller owns. None of them commits."""
