"""Linking a number to what it limits: the words around it are ranked as names of its metric and of its subject."""
