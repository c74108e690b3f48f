"""Bodies, structures, accounts, roles, invitations, training and the rights it opens."""
