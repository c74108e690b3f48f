"""A service that follows the teller."""
