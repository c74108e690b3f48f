"""Partner structures: what they are, their state, and who decides it."""
