"""Pure values and rules. Imports only the standard library and pint; knows no disk, network, clock or database."""
