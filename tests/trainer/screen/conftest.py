"""What the tests of the screen share: questions worked out by hand, and a terminal of a fixed size."""

import io

import pyte
import pytest

from sims.listed import simulator
from trainer.model import Misconception, Option, Question, QuestionName, replace
from trainer.quiz.answers.hits import HitsAnswer
from trainer.quiz.answers.number import NumberAnswer
from trainer.quiz.answers.options import ChoiceAnswer, ChoicesAnswer, OrderAnswer
from trainer.quiz.answers.sequence import SequenceAnswer
from trainer.quiz.answers.short import ShortAnswer
from trainer.screen.paper import Look, Paper

# Silberschatz, Galvin, Gagne, 10th ed., 11.2: the queue and its head movements, 236 by SSTF and 640 by FCFS.
QUEUE = [98, 183, 37, 122, 14, 124, 65, 67]


@pytest.fixture
def disk_question():
    """A simulated question: the textbook's queue under SSTF, with the mistake of serving it in order."""
    disk = simulator("disk")
    scenario = disk.scenario({"policy": "sstf", "cylinders": 200, "head": 53, "requests": QUEUE})
    trace = disk.run(scenario)
    measure, mistake = disk.measure("movement"), disk.mistake("fcfs-instead")
    wrong = disk.run(mistake.rule(scenario))
    return Question(
        name=QuestionName("disk.sstf", 1, 1, 7),
        title="Head movement under SSTF",
        text="The arm serves these requests by SSTF.",
        asks=measure.asks,
        conventions=("Of two requests equally near, the arm takes the one in its current direction.",),
        answer=NumberAnswer("cylinders"),
        right=measure.of(trace),
        mistakes=(Misconception(mistake.id, measure.of(wrong), mistake.clause, mistake.says, trace=wrong),),
        hints=("The rule: the shortest seek next.", "From 53 the arm goes to 65."),
        steps=measure.steps(trace),
        simulator="disk",
        measure="movement",
        scenario=scenario,
        trace=trace,
    )


@pytest.fixture
def order_question(disk_question):
    """A sequence: in which order the cylinders are served."""
    measure = simulator("disk").measure("order")
    trace = disk_question.trace
    return replace(
        disk_question,
        asks=measure.asks,
        answer=SequenceAnswer("cylinder"),
        right=measure.of(trace),
        mistakes=(),
        steps=measure.steps(trace),
    )


@pytest.fixture
def choice_question():
    """One option of four, as written in the guide to content."""
    options = (
        Option("It checks the socket in a loop until data arrives.", why="That is polling."),
        Option("It runs another thread, or idles if none is ready.", True, "The thread left the run queue."),
        Option("It waits, and cannot be used until data arrives.", why="The thread sleeps; the core does not."),
    )
    return Question(
        name=QuestionName("io.blocking-read", 1, 1, 3),
        title="A read that has to wait",
        text="A thread calls read() on a socket that has no data. The socket is\nin blocking mode. What does its core do?",
        asks="Which one?",
        conventions=(),
        answer=ChoiceAnswer(3),
        right=2,
        mistakes=(
            Misconception("option-1", 1, "you take option 1 for right", "That is polling."),
            Misconception("option-3", 3, "you take option 3 for right", "The thread sleeps; the core does not."),
        ),
        options=options,
        explanation="The interrupt that brings the data makes the thread ready again.",
    )


@pytest.fixture
def choices_question(choice_question):
    return replace(choice_question, answer=ChoicesAnswer(3), right=frozenset({2}), mistakes=())


@pytest.fixture
def ordering_question(choice_question):
    options = tuple(Option(text) for text in ("wake", "sleep", "run"))
    return replace(choice_question, answer=OrderAnswer(3), right=(3, 2, 1), options=options, mistakes=())


@pytest.fixture
def short_question(choice_question):
    return replace(choice_question, answer=ShortAnswer(("D", "disk sleep")), right="D", options=(), mistakes=())


@pytest.fixture
def hits_question(choice_question):
    return replace(choice_question, answer=HitsAnswer(5), right="MMMHM", options=(), mistakes=(), explanation="")


class Glass:
    """A terminal of a fixed size that can be looked at."""

    def __init__(self, columns=80, rows=24):
        self.screen = pyte.HistoryScreen(columns, rows, history=10_000, ratio=0.5)
        self.stream = pyte.Stream(self.screen)

    def feed(self, text):
        self.stream.feed(text.replace("\r\n", "\n").replace("\n", "\r\n"))

    @property
    def text(self):
        """What is on it, without blank ends."""
        return "\n".join(row.rstrip() for row in self.screen.display).rstrip("\n")

    @property
    def everything(self):
        """What is on it and what scrolled off."""
        gone = ["".join(row[x].data for x in range(self.screen.columns)).rstrip() for row in self.screen.history.top]
        return "\n".join([*gone, *self.text.split("\n")])


@pytest.fixture
def glass():
    return Glass


@pytest.fixture
def printed():
    """(drawing of a frame, columns, **look) -> what a terminal of that many columns shows."""

    def show(draw, columns=80, rows=60, **look):
        out = io.StringIO()
        paper = Paper(out, Look(**look), lambda: columns)
        paper.show(draw(paper.frame))
        glass = Glass(columns, rows)
        glass.feed(out.getvalue())
        return glass.text

    return show
