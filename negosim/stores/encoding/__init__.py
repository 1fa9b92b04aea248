"""The bytes of a run: canonical JSON, entries, the hash chain, and how two entries differ."""
