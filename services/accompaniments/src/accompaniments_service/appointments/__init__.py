"""Appointments: a place in a calendar held for somebody or something, and what became of it."""
