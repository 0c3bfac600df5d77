"""From evidence to an answer: quotes, the telling sentence first, or a model's sentences behind the gate."""
