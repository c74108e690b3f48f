"""The front door: person register and every request that enters."""
