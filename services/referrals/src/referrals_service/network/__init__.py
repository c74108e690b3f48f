"""What referrals knows of partners' structures, rights and assignments: read models built from its facts."""
