"""The terminal: timelines, bars, tables and signs as rich renderables."""
