"""Changes to messages to channels."""
