"""Field encryption, blind indexes, and the keys that names and phones are compared by."""
