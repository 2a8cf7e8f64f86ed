"""How many people it takes: the Erlang formulas, requirements, shifts and plans."""
