"""Every request that enters: its draft, its life, its messages, its deadlines and who answers for it."""
