"""The rules by which one record after the other is counted: run as machine code, or by the interpreter."""
