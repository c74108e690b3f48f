"""The forms of the front door, one module a kind, and the one name under which any of them is read."""
