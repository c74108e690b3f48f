"""What a team would pick otherwise: Django REST framework on the same PostgreSQL, for a fair comparison."""
