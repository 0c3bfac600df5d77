"""What every layer must read alike: radicals, numerals, periods of time."""
