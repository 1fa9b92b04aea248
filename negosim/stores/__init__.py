"""The log as evidence: bytes, hash chain, and the places that keep them."""
