"""The compiled engine: the rules of the reference engine, written again as compiled functions over arrays."""
