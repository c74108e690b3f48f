"""What accompaniments knows of bodies, structures, agents and persons: read models built from others' facts."""
