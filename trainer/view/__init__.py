"""Trace → drawing and sentences, as values; one file a simulator, listed in listed.py."""
