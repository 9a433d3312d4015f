"""Constants and pure functions; no model is defined here, and none has to be loaded for what is here."""
