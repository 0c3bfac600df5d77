"""The rules of the gate, one a file; `table` has all in the order in which they decide."""
