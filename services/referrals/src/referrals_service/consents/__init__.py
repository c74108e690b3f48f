"""What a person agreed to: told what, for what, to whom, until when; taken back at any time."""
