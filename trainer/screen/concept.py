"""How does a concept look? Its Markdown, set by rich for this width; plain, its text as it stands."""

from trainer.model import Concept
from trainer.screen.clean import clean
from trainer.screen.prose import prose
from trainer.view.drawing import Drawing, Frame, Span


def concept_drawing(concept: Concept, frame: Frame) -> Drawing:
    """Title, text and sources."""
    title = prose(clean(concept.title), frame, "head")
    sources = prose(f"Sources: {', '.join(concept.sources)}.", frame, "dim") if concept.sources else ()
    body = prose(concept.text.replace("**", ""), frame) if frame.plain or frame.ascii else markdown(concept.text, frame)
    return (*title, (), *body, (), *sources) if sources else (*title, (), *body)


def markdown(text: str, frame: Frame) -> Drawing:
    """The text with bold and code set off, wrapped to the frame. Control sequences cannot pass: rich is given cleaned
    text and gives back segments, of which only text and two styles are kept."""
    from rich.console import Console  # noqa: PLC0415 — only who reads a concept pays for it
    from rich.markdown import Markdown  # noqa: PLC0415 — as above

    console = Console(width=frame.width, color_system=None, force_terminal=False, legacy_windows=False)
    options = console.options.update(width=frame.width)
    rows = console.render_lines(Markdown(clean(text), hyperlinks=False), options, pad=False)
    return tuple(
        tuple(
            Span(segment.text, "strong" if segment.style and segment.style.bold else "")
            for segment in row
            if segment.text and not segment.control
        )
        for row in rows
    )
