"""Test cases made from any library."""
