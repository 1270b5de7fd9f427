"""What the reader knows of the field: names of things (entities) and of what rules limit (metrics). Data, with its readers."""
