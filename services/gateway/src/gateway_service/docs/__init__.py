"""The documentation page of every API."""
