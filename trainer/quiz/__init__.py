"""Skill → Question → Verdict: drawing, judging, hints."""
