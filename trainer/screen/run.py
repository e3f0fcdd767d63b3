"""How is a session carried on, from the first line to the last?

    with front_on(sys.stdin, sys.stdout, look(…)) as front:
        status = practise(session, front, opening)

The session decides what is asked and keeps the answers; the front prints and reads; this is the loop between them.
Every answer is committed before its verdict is shown, so that leaving at any moment loses nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, TextIO

from trainer.model import Question, Response, Unreadable
from trainer.practice.session import FREE, Session
from trainer.screen.front import Draw, Front
from trainer.screen.guard import Guard
from trainer.screen.keys import ASKING, Command, Key, asked_word, asking_page, help_page, meant, remark
from trainer.screen.lines import Lines
from trainer.screen.paper import Look, Paper
from trainer.screen.prose import prose
from trainer.screen.question import apart, question_drawing
from trainer.screen.summary import (
    STARTING,
    Opening,
    after_first_drawing,
    again_drawing,
    due_drawing,
    ended_drawing,
    first_drawing,
    in_days,
    keys_after,
    nothing_drawing,
    summary_drawing,
)
from trainer.screen.term import Terms
from trainer.screen.terminal import Terminal, size_of
from trainer.store.errors import StoreError
from trainer.view.drawing import Drawing, Frame

if TYPE_CHECKING:
    from trainer.screen.verdict import Block

Report = Callable[[Question, str, str], str]  # the question, the answer, a remark -> what became of it, in a sentence
FINE, INTERRUPTED = 0, 130
FRAME_ROWS = 3  # below a verdict: an empty line before what follows, one above the keys, the keys


class Leave(Exception):
    """The learner ends the session."""


@contextmanager
def front_on(source: TextIO, out: TextIO, look: Look) -> Iterator[Front]:
    """The front for these two streams: a terminal that is kept sane, or lines where one end is none or plain."""
    paper = Paper(out, look, lambda: size_of(out)[0])
    if look.plain or not (source.isatty() and out.isatty()):
        yield Lines(paper, source, waits=source.isatty())
        return
    with Guard(source.fileno(), out.fileno()) as guard:
        yield Terminal(paper, guard, source)


def practise(
    session: Session,
    front: Front,
    opening: Opening,
    statistics: Callable[[Frame], Drawing] | None = None,
    report: Report | None = None,
    *,
    terms: Terms | None = None,
) -> int:
    """Carry the session on to its end. The exit status: 0, or 130 after Ctrl-C. `statistics`: offered at the end;
    `report`: keeps what a learner says is wrong with a question; `terms`: what its words mean."""
    sitting = Sitting(session, front, opening, statistics, report, terms=terms)
    try:
        sitting.whole()
    except KeyboardInterrupt:
        front.page(sitting.ended)
        return INTERRUPTED
    return FINE


class Sitting:
    """One session on one front."""

    def __init__(
        self,
        session: Session,
        front: Front,
        opening: Opening,
        statistics: Callable[[Frame], Drawing] | None = None,
        report: Report | None = None,
        *,
        terms: Terms | None = None,
    ) -> None:
        self.session, self.front, self.opening = session, front, opening
        self.statistics, self.keep_report, self.terms = statistics, report, terms or Terms()
        self.spared: Draw = lambda _frame: ()  # what of the last verdict did not fit the window
        self.is_short = False  # whether there is any
        self.told_first = not opening.first  # whether the words of the first run have been said

    def whole(self) -> None:
        """Everything, from the first line to the summary; an undo there goes back to the questions."""
        try:
            if not self.welcome():
                return
            if self.session.begin() is None:
                self.nothing()
                return
            self.questions()
            while self.session.done and self.summary():
                self.questions()
        except (EOFError, Leave):
            self.leave()

    # ── before ──────────────────────────────────────────────────────────────────────────────────────────────────

    def welcome(self) -> bool:
        """What is due, and Enter starts; nothing to confirm on the first run. Whether to go on."""
        for notice in self.opening.notices:
            self.front.say(partial(prose, notice))
        found = self.opening.outlook
        if self.opening.first:
            self.front.say(first_drawing)
        elif found is not None and not found.due + found.new:
            self.nothing()
            return False
        elif found is not None:
            self.front.say(partial(due_drawing, self.opening))
            return not self.front.waits or self.started()
        return True

    def started(self) -> bool:
        """Wait for Enter; False where it is not now."""
        while (key := self.front.first_key(STARTING)) == "?":
            self.front.say(partial(_helped, ASKING))
        return key == "enter"

    def nothing(self) -> None:
        self.front.say(partial(nothing_drawing, self.session.summary().tomorrow))

    # ── questions ───────────────────────────────────────────────────────────────────────────────────────────────

    def questions(self) -> None:
        """Question after question, until the session has none."""
        while (question := self.session.question) is not None:
            if self.session.verdict is None:
                self.one(question)
            if self.session.verdict is not None and not self.after():
                self.session.next()

    def one(self, question: Question) -> None:
        """Show a question and read until it is answered, given up, skipped or undone."""
        self.worked_example(question)
        self.front.page(partial(question_drawing, question))
        self.session.shown()
        while self.session.question is question and self.session.verdict is None:
            text = self.read_whole(question, self.front.ask(self.offered(question), ASKING))
            command = meant(text, question)
            if command is Command.TERM:
                self.look_up(text)
            elif command is Command.HELP:
                self.front.say(partial(_with_end, partial(asking_page, self.terms.within(question))))
            elif command is Command.REPORT:
                self.report(question, remark(text))
            elif command is None and question.answer.kind == FREE:
                self.free(question, text)
            elif command is None:
                self.answer(question, text)
            else:
                self.command(command)

    def read_whole(self, question: Question, first: str) -> str:
        """All lines of the answer that begins with `first`."""
        from trainer.screen.several import whole  # noqa: PLC0415 — not before the first question

        return whole(self.front, question, first, self.look_up)

    def offered(self, question: Question) -> Sequence[str]:
        """What completion offers a person: names of the answer, and `? WORD` for the words that can be looked up."""
        words: Sequence[str] = question.answer.words
        return [*words, *(f"? {word}" for word in self.terms.within(question))] if self.front.waits else words

    def look_up(self, text: str) -> None:
        """Say what a word means. Costs nothing, and nothing of it is kept."""
        self.front.say(partial(_with_end, partial(self.terms.drawing, asked_word(text))))

    def worked_example(self, question: Question) -> None:
        """For a skill that keeps failing: another instance with its solution, before this one is asked."""
        from trainer.screen.verdict import given_up_drawing  # noqa: PLC0415 — not before the first question

        session = self.session
        if session.choice is None or not session.choice.worked or not self.front.waits:
            return
        skill = session.bank.skill(question.name.skill)
        try:
            example = session.tools.draw(skill, question.name.level, session.tools.seeds())
        except session.tools.cannot_draw:
            return
        said = partial(prose, "This one has been hard. First another instance, worked out:")
        self.front.page(said)
        self.front.say(lambda frame: apart([question_drawing(example, frame), given_up_drawing(example, frame), ()]))
        self.pressed((Key("enter", "now yours"), Key("q", "save and quit")))

    def answer(self, question: Question, text: str) -> None:
        """Judge an answer and show what there is to say; an unreadable one is asked again and costs nothing."""
        from trainer.screen.verdict import verdict_blocks  # noqa: PLC0415 — not before the first question

        try:
            verdict = self.session.answer(text)
        except Unreadable as unreadable:
            said = f"Not an answer yet: {unreadable}. It costs nothing."
            self.front.say(partial(prose, said))
        except StoreError as error:
            self.front.say(partial(prose, f"{error}. This answer is not saved; type it again to try once more."))
        else:
            response = Response(text, question.answer.read(text))
            self.verdict(partial(verdict_blocks, question, response, verdict))

    def free(self, question: Question, text: str) -> None:
        """Let the learner mark what he wrote, and keep it."""
        from trainer.screen.free import marked, marked_blocks  # noqa: PLC0415 — few questions need it

        try:
            question.answer.read(text)
        except Unreadable as unreadable:
            self.front.say(partial(prose, f"Not an answer yet: {unreadable}. It costs nothing."))
            return
        marks = marked(self.front, question, text)
        if marks is None:
            raise Leave
        try:
            self.session.mark(text, marks)
        except StoreError as error:
            self.front.say(partial(prose, f"{error}. This answer is not saved; type it again to try once more."))
        else:
            self.verdict(partial(marked_blocks, question, marks))

    def report(self, question: Question, said: str, answer: str = "") -> None:
        """Keep what the learner says of a question; a person is asked for a line, a pipe has said it behind `:f`."""
        if self.front.waits and not said:
            self.front.say(partial(prose, "What is wrong with it? One line; an empty one is fine too."))
            said = self.front.more()
        told = self.keep_report(question, answer, said) if self.keep_report else "Reports cannot be kept here."
        self.front.say(partial(prose, told))

    def command(self, command: Command) -> None:
        """Do what was asked for while the question is open."""
        if command is Command.HINT:
            self.hint()
        elif command is Command.SKIP:
            self.session.skip()
        elif command is Command.GIVE_UP:
            self.give_up()
        elif command is Command.UNDO:
            self.undo()
        else:
            raise Leave

    def hint(self) -> None:
        session = self.session
        hint, question = session.hint(), session.question
        if hint is None or question is None:
            self.front.say(partial(prose, "There is no further hint. :g gives up and shows the solution."))
            return
        self.front.say(partial(prose, f"Hint {session.hints} of {len(question.hints)}: {hint}"))

    def give_up(self) -> None:
        from trainer.screen.verdict import given_up_blocks  # noqa: PLC0415 — not before the first question

        question = self.session.question
        try:
            self.session.give_up()
        except StoreError as error:
            self.front.say(partial(prose, f"{error}. Not saved; :g tries once more."))
            return
        assert question is not None
        self.verdict(partial(given_up_blocks, question))

    def undo(self) -> None:
        """Take the last answer back; its question is asked again."""
        try:
            review = self.session.undo()
        except StoreError as error:
            self.front.say(partial(prose, f"{error}. Nothing was undone."))
            return
        said = f"Undone: {review.response or 'gave up'}" if review else "There is nothing to undo in this session."
        self.front.say(partial(prose, said))

    # ── after an answer ─────────────────────────────────────────────────────────────────────────────────────────

    def verdict(self, told: "Callable[[Frame], list[Block]]") -> None:
        """The verdict, when it is seen again, and once the words of the first run; as much as fits the window."""
        from trainer.screen.verdict import fitted  # noqa: PLC0415 — not before the first question

        review, session = self.session.review, self.session
        card = session.ledger.card(review.skill) if review else None
        again = partial(again_drawing, card, session.day, session.situation().returns_late)
        first = partial(after_first_drawing, self.opening) if not self.told_first else None
        self.told_first = True

        def parts(frame: Frame) -> tuple[Drawing, Drawing]:
            below = [block for block in (again(frame), first(frame) if first else ()) if block]
            used = len(apart(below)) + FRAME_ROWS
            shown, left = fitted(told(frame), None if self.front.rows is None else self.front.rows - used)
            return (*apart([shown, *below]), ()), left

        def shown(frame: Frame) -> Drawing:
            drawing, left = parts(frame)
            self.is_short = bool(left)
            return drawing

        self.front.page(shown)
        self.spared = lambda frame: (*parts(frame)[1], ())

    def after(self) -> bool:
        """Read keys below a verdict. False: go on to the next question; True: there is one open already."""
        from trainer.screen.walk import walk_of  # noqa: PLC0415 — not before the first question

        question, verdict = self.session.question, self.session.verdict
        assert question is not None
        walk = walk_of(question, verdict)
        while True:
            keys = keys_after(walks=walk is not None, more=self.is_short)
            key = self.pressed(keys)
            if key == "enter":
                return False
            if key == "r" and self.another():
                return True
            if key == "v" and walk is not None:
                self.front.walk(walk)
            if key == "?":
                self.front.say(partial(_helped, keys))
            if key == "f":
                self.report(question, "", self.session.review.response if self.session.review else "")
            if key == "w":
                self.front.say(self.spared)
                self.is_short = False
            if key == "u":
                self.undo()
                return self.session.verdict is None

    def another(self) -> bool:
        """Another instance of the same skill; whether there is one."""
        try:
            self.session.another()
        except self.session.tools.cannot_draw:
            self.front.say(partial(prose, "No other instance of this could be drawn."))
            return False
        return True

    def pressed(self, keys: Sequence[Key]) -> str:
        """A key; the one for leaving leaves."""
        key = self.front.key(keys)
        if key == "q":
            raise Leave
        return key

    # ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────

    def summary(self) -> bool:
        """What the session was. Whether the last answer was undone, so that there is a question again."""
        if not self.front.waits:
            self.front.page(self.summed)
            return False
        self.front.page(lambda frame: (*self.summed(frame), ()))
        statistics = (Key("s", "statistics"),) if self.statistics else ()
        keys = (Key("u", "undo last answer"), *statistics, Key("enter", "done"))
        while (key := self.front.key(keys)) != "enter":
            if key == "s" and self.statistics:
                self.front.say(self.statistics)
            if key == "u":
                self.undo()
                return self.session.question is not None
        return False

    def leave(self) -> None:
        """The end in the middle: what was done, or that nothing was."""
        self.front.page(self.summed if self.session.done else self.ended)

    def summed(self, frame: Frame) -> Drawing:
        session = self.session
        bank = session.bank.skills

        def due(skill: str) -> str:
            card = session.ledger.card(skill)
            return in_days(card.due - session.day) if card else "soon"

        return summary_drawing(session.summary(), due, lambda skill: bank[skill].title, frame)

    def ended(self, frame: Frame) -> Drawing:
        saved = bool(self.opening.data)
        return ended_drawing(len(self.session.done), frame, saved=saved, piped=not self.front.waits)


def _helped(keys: Sequence[Key], _frame: Frame) -> Drawing:
    return (*help_page(keys), ())


def _with_end(draw: Draw, frame: Frame) -> Drawing:
    """A drawing with an empty line below it."""
    return (*draw(frame), ())
