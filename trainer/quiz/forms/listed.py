"""Which forms are there? One line each."""

from importlib import import_module

from trainer.quiz.forms.draft import Form

MODULES = {
    "forward": "trainer.quiz.forms.forward",
    "backward": "trainer.quiz.forms.backward",
    "compare": "trainer.quiz.forms.compare",
    "counterfactual": "trainer.quiz.forms.counterfactual",
    "flaw": "trainer.quiz.forms.flaw",
    "possible": "trainer.quiz.forms.possible",
}


def form(name: str) -> Form:
    """The form of that name. Raises KeyError."""
    draft: Form = import_module(MODULES[name]).draft
    return draft
