"""How a simulated skill asks: one file a form, listed in listed.py."""
