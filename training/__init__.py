"""Fits the models that ship with the package to annotated passages: `make train`, see README.md here."""
