"""Which language model writes; the local one; calls that end."""
