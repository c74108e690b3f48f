"""The only public origin: sign-in, sessions, access scoping, forwarding, its own journal."""
