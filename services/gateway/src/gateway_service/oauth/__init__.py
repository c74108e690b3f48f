"""Tokens: signing keys, minting, the token endpoint, internal applications and what each may do."""
