"""Letters of a referral: receipt for the structure, call back for the person, sheet of information to sign."""
