"""The scenario language: text in, one validated, immutable `Scenario` out."""
