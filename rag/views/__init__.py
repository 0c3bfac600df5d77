"""Views: what the library says laid out whole, without a ranking: every place of some words, one record."""
