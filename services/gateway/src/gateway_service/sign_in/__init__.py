"""Signing in: password, second step, sessions, throttles, the journal of sign-ins."""
