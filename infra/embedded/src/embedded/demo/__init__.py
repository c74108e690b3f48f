"""Demonstration data: synthetic, the same at each run, made through the product's own doors."""

from embedded.demo.loading import load

__all__ = ["load"]
