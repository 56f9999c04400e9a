"""Who gets which answer: tables for a privacy officer to read, and a run of every operation against them."""
