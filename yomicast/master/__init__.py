"""Room door; see docs/architecture.md."""
