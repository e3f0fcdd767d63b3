"""What happened, kept for ever in SQLite; the only room that knows SQL."""
