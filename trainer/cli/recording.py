"""How is a graded answer kept, as if it had been given in a session?"""

from trainer.cli.joined import opened, session
from trainer.cli.refusal import Refusal
from trainer.cli.world import World
from trainer.model import Instant, Question, replace
from trainer.practice.choose import Choice, Reason
from trainer.store.errors import CannotSave


def record(world: World, question: Question, response: str, taken_ms: int) -> None:
    """Keep the answer to `question`, which took that long. Raises Refusal where it cannot be saved."""
    sitting = session(world, opened(world, must_save=True).ledger)
    asked = world.clock.now()
    times = iter([asked])

    def clock() -> Instant:
        """The moment the question was shown, then always the moment of the answer."""
        return next(times, asked._replace(monotonic=asked.monotonic + taken_ms / 1000))

    sitting.tools = replace(sitting.tools, clock=clock)
    sitting.ask(question, Choice(question.name.skill, question.name.level, Reason("asked", "graded from outside")))
    try:
        sitting.answer(response)
    except CannotSave as error:
        raise Refusal(str(error), code="cannot-save") from None
