"""The bundled embedding model: its weights, an engine for questions, one for bulk; any sentence-transformers model."""
