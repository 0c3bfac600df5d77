"""Source files into a library: which, read in what processes, written in what order, recovered how."""
