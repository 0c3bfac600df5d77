"""The library on disk: catalogue (the truth), vectors, words, filters, locks, and its repair."""
