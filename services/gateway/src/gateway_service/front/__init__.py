"""The public door: routing, first guard, forwarding, the journal of requests, the browser application."""
