"""`jupilu serve`: the API without the page, and OpenAI's chat completions over it (extra `serve`)."""
