"""What left about a person: what, from whom, to whom, when, on which agreement."""
