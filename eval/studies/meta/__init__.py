"""Is the measure of sentences and citations itself right? `python -m eval.studies.meta` says."""
