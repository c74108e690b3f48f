"""People with an account, the roles they hold, and how they are invited."""
