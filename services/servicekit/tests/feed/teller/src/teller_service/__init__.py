"""A service that announces what happens to its counters."""
