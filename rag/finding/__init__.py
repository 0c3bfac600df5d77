"""From a question to evidence: candidates fused, judged, one a statement."""
