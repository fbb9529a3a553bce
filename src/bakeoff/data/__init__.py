"""Tables with typed columns: reading, typing, auditing and fingerprinting what the user has."""
