"""The commands of `jupilu`, one subject a file."""
