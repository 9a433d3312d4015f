"""Constants and pure functions, which can be imported without loading any model."""
