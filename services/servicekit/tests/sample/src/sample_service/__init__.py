"""The smallest service the mould makes: what its tests drive."""
