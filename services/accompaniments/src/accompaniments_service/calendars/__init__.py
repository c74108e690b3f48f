"""Calendars: who or what can be booked, when it is open, and what is offered there."""
