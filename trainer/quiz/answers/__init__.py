"""How answers are read, written and judged: one file an answer kind, listed in listed.py."""
