"""A life of an account outside signing in: invitation, forgotten password, own access, e-mails."""
