"""What of a text may reach the terminal?

Everything that content or a learner wrote passes `clean` on its way out: what could move the cursor, change its
colour, turn the writing direction round or hide becomes a visible escape, and is printed as text.

    clean("a\\x1b[31mb")  ->  "a\\\\x1b[31mb"
"""

# Printable by Unicode's tables, yet drawn as nothing: joiners, fillers and variation selectors.
_UNSEEN = frozenset(
    map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0))
) | frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))


def clean(text: str) -> str:
    """`text` with every control, bidi, zero-width and unassigned character as a visible escape; newlines stay.

    Spaces of other widths become plain spaces. Cleaning twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_seen, text))


def _seen(character: str) -> str:
    if character == "\n" or (character.isprintable() and character not in _UNSEEN):
        return character
    if character.isspace() and character > "\x7f" and character not in "\x85\u2028\u2029":
        return " "
    return character.encode("unicode_escape").decode("ascii")
