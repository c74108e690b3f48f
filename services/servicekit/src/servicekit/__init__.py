"""What every service is built from; holds no noun of the domain."""
