"""How do drawings and questions get onto a terminal, and keys off it?"""
