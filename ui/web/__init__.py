"""The web page: its parts, its addresses, what it can do."""
