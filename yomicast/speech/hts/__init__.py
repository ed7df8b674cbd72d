"""Our own HTS engine."""
