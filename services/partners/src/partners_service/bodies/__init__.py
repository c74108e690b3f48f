"""Regions, departments, and the bodies that are tenants: caisses and regional social services."""
