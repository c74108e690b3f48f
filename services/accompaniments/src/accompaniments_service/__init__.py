"""What follows acceptance: agenda and appointments; later the cases."""
