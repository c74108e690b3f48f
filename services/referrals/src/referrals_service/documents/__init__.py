"""Documents of requests: what a partner sends with one, and what the caisse addresses to the partner."""
