"""Documents: files received, checked apart, rebuilt, sealed each under a key of its own, and given back by ticket."""
