"""Notifications: what happened to a request, told to those who follow it, in the application and by e-mail."""
