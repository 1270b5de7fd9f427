"""The only place that wires things: configuration, bootstrap, stages, clock and command line."""
