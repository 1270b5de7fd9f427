"""What part each number plays: the features of a number and the model that was fitted to annotated passages."""
