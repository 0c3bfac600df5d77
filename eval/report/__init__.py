"""The report of a run: for a terminal, and as one HTML page."""
