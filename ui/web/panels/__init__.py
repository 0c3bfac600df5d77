"""The parts of the web page: what they show, as escaped HTML."""
