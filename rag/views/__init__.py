"""Answers that are looked at: a topic over time, companies side by side."""
