"""From canonical text to records: the form, the dialogue, participants, passages."""
