"""What to ask next, and what an answer does to memory: no terminal, no clock, no SQL."""
