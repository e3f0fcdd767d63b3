"""Which numbers does an incident show? Drawn from the seed, consistent with each other and with the cause.

Content writes the words of an incident, `{name}` where a number stands; a generator here draws the numbers. It is
named `FILE.NAME`: `cpu.throttling` is the evidence `throttling` of sims/evidence/cpu.py.
"""
