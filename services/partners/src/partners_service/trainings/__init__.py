"""Trainings of partners and the rights they open."""
