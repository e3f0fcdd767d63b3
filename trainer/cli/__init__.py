"""The command line: one file a command, listed in main.py. The only reader of clock, environment and entropy."""
