"""What people prove themselves with: passwords, authenticator codes, passkeys, recovery codes."""
