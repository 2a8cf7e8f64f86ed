"""The sections of a scenario, one module a noun. Attribute names are the keys of the YAML text."""
