"""Views: what the library says laid out whole: every place of some words, one record, a topic over time, companies side by side."""
