"""Pipeline components: small classes from `Doc` to `Doc`, one a file, registered by `limen.nlp.registry`."""
