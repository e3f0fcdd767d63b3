"""How does a session run? As a state machine without a terminal.

    session = Session(bank=bank, ledger=store, …)
    session.begin()                    # a Question, or None when nothing is to be done
    session.hint()                     # the next rung
    verdict = session.answer("7 5 5")  # judged, and committed before it returns; Unreadable costs nothing
    session.next()                     # the next Question, None at the end; only here a session stops
    session.undo()                     # withdraws the last answer, at any depth, also at the end; it is asked again

Everything comes in: the bank, the ledger (a store), how to draw and to judge, clock, ids and seeds. With the same
seeds, the same answers and the same history it is the same session.
"""

import json
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sims.fields import plain
from trainer.model import Card, Instant, Question, Response, Review, Skill, Verdict, replace
from trainer.practice import choose
from trainer.practice.choose import Asked, Choice, Reason, Situation
from trainer.practice.days import study_day
from trainer.practice.fold import IDLE_MS, Fold, counts
from trainer.practice.memory import AGAIN
from trainer.practice.rooms import Bank, Ledger, Settings, Wishes

if TYPE_CHECKING:
    from trainer.practice.marked import Marks
    from trainer.practice.mistakes import Held
    from trainer.practice.outlook import Outlook

AT_ONCE = 64  # due cards looked at before the first question is shown
SEEDS_TRIED = 20
FREE = "free"  # the kind of answer that its writer marks


Part = Callable[[Skill, int, Iterator[int], Collection[str]], Question]  # skill, level, seeds, mistakes


class Tools(NamedTuple):
    """What a session is given to work with."""

    draw: Callable[[Skill, int, int], Question]  # skill, level, seed
    judge: Callable[[Question, Response], Verdict]
    clock: Callable[[], Instant]
    ids: Callable[[], str]  # a new UUID
    seeds: Callable[[], int]  # a seed for the next question
    cannot_draw: type[Exception]  # what `draw` raises for a skill that makes no question; the skill is passed over
    shows: Callable[[Question], str] = lambda _question: ""  # what it is about, as it stands under its text
    part: "Part | None" = None  # draws where several mistakes fitted the last answer: a question that parts them


class Progress(NamedTuple):
    """How far a session is."""

    asked: int  # answers
    right: int
    minutes: float  # since it began
    left: int | None  # answers still to come, where a count was wished for


class Summary(NamedTuple):
    """What a session was."""

    asked: int
    right: int  # of those that were judged
    taken_ms: int  # on the answers
    settled: "tuple[Held, ...]"  # mistakes that went away in this session
    open: "tuple[Held, ...]"  # mistakes that showed in this session and stand
    tomorrow: "Outlook"
    practised: int  # of the last 7 days
    self_marked: int = 0  # free answers, which nobody judged


class Done(NamedTuple):
    """An answered question of this session."""

    question: Question
    choice: Choice
    review: Review
    verdict: Verdict


class Session:
    """One sitting. `question` is the one now shown; `verdict` what was thought of its answer, None while it is open."""

    def __init__(
        self,
        *,
        bank: Bank,
        ledger: Ledger,
        fold: Fold,
        tools: Tools,
        settings: Settings | None = None,
        wishes: Wishes | None = None,
    ) -> None:
        self.bank, self.ledger, self.fold, self.tools = bank, ledger, fold, tools
        self.settings, self.wishes = settings or Settings(), wishes or Wishes()
        self.question: Question | None = None
        self.choice: Choice | None = None  # why this question
        self.verdict: Verdict | None = None
        self.review: Review | None = None  # the last one recorded, while its verdict is shown
        self.done: list[Done] = []
        self._hints = 0
        self._skipped: set[str] = set()
        self._used: set[tuple[str, int]] = set()
        self._put_back: list[tuple[Question, Choice]] = []  # open questions that an undo pushed aside
        self._cards: dict[str, Card] | None = None  # all of them; not before the first question
        self._spent_ms = 0  # today, before this session
        self._began = self._shown = self.tools.clock()

    # ── questions ───────────────────────────────────────────────────────────────────────────────────────────────

    def begin(self) -> Question | None:
        """The first question; None when nothing is due and nothing new fits."""
        self._began = self.tools.clock()
        if not self.wishes.goes_on and self.settings.exam < 0:
            due = {card.skill: card for card in self.ledger.due(self.day, AT_ONCE)}
            chosen = choose.first(self._situation(due)) if due else None
            if chosen is None and self.bank.first in self.bank.skills and not self.ledger.cards():
                chosen = Choice(self.bank.first, 1, Reason("new", "the first question of all"))
            if chosen is not None and self._show(chosen):
                return self.question
        return self._chosen()

    def next(self) -> Question | None:
        """Go on: the next question, None when the session is over. While one is open, that one."""
        if self.question is not None and self.verdict is None:
            return self.question
        if self._put_back:
            self._now(*self._put_back.pop())
            return self.question
        if self._is_over():
            self._now(None, None)
            return None
        return self._chosen()

    def ask(self, question: Question, choice: Choice) -> None:
        """Put a question that was drawn elsewhere before the learner."""
        self._now(question, choice)

    def skip(self) -> Question | None:
        """Leave the open question; nothing is recorded, and its skill is not asked again in this session."""
        if self.question is not None and self.verdict is None:
            self._skipped.add(self.question.name.skill)
            self._now(None, None)
        return self.next()

    def another(self) -> Question:
        """Another instance of the skill shown, at its level. Raises RuntimeError where no question is shown."""
        if self.question is None or self.choice is None:
            raise RuntimeError("no question is shown")
        name = self.question.name
        chosen = replace(self.choice, level=name.level, reason=Reason("asked", "another instance was asked for"))
        if not self._show(chosen):
            raise self.tools.cannot_draw(str(name))
        assert self.question is not None
        return self.question

    def shown(self) -> None:
        """The question can be seen now: its time begins."""
        self._shown = self.tools.clock()

    # ── answers ─────────────────────────────────────────────────────────────────────────────────────────────────

    def hint(self) -> str | None:
        """The next rung of the hint ladder; None when there is none left."""
        if self.question is None or self.verdict is not None or self._hints >= len(self.question.hints):
            return None
        self._hints += 1
        return self.question.hints[self._hints - 1]

    @property
    def hints(self) -> int:
        """Rungs taken for the question shown."""
        return self._hints

    def answer(self, text: str) -> Verdict:
        """Judge and record. Raises Unreadable (nothing happened), and what the ledger raises when it cannot save:
        then the question is still open. A free answer is not judged: see `mark`."""
        question = self._open()
        if question.answer.kind == FREE:
            raise RuntimeError("a free answer is marked by its writer")
        response = Response(text, question.answer.read(text))
        verdict = self.tools.judge(question, response)
        self._record(verdict, text, "right" if verdict.right else "wrong")
        return verdict

    def mark(self, text: str, marks: "Marks") -> Verdict:
        """Record a free answer as its writer marked it. Raises as `answer` does."""
        from trainer.practice import marked  # noqa: PLC0415 — not before the first question

        question = self._open()
        question.answer.read(text)
        given = marked.grade([point.marked for point in marks.points], self._hints, len(question.hints))
        verdict = Verdict(right=given > AGAIN)
        review = self._reviewed(question, verdict, text, "right" if verdict.right else "wrong")
        review = replace(review, grade=given, scenario=marked.written(marks))
        self._keep(replace(review, counts=counts(self.ledger.card(review.skill), review)), verdict)
        return verdict

    def give_up(self) -> Verdict:
        """Record that it was given up; the verdict is a wrong one without mistakes."""
        self._open()
        verdict = Verdict(right=False)
        self._record(verdict, "", "gave-up")
        return verdict

    def undo(self) -> Review | None:
        """Withdraw the last answer of this session that stands, put back its card, ask its question again."""
        if not self.done:
            return None
        last = self.done[-1]
        card = self.ledger.withdraw(last.review, id_=self.tools.ids(), at=self.tools.clock(), day=self.day)
        self.done.pop()
        if self.question is not None and self.choice is not None and self.verdict is None:
            self._put_back.append((self.question, self.choice))
        cards = self._all_cards()
        cards.pop(last.review.skill, None)
        if card is not None:
            cards[card.skill] = card
        self._now(last.question, last.choice)
        self._hints = last.review.hints
        return last.review

    def _open(self) -> Question:
        if self.question is None or self.verdict is not None:
            raise RuntimeError("no question is open")
        return self.question

    def _record(self, verdict: Verdict, text: str, outcome: str) -> None:
        self._keep(self._reviewed(self._open(), verdict, text, outcome), verdict)

    def _keep(self, review: Review, verdict: Verdict) -> None:
        question, choice = self._open(), self.choice
        assert choice is not None
        cards = self._all_cards()
        cards[review.skill] = self.ledger.record(review)
        self.verdict, self.review = verdict, review
        self.done.append(Done(question, choice, review, verdict))

    def _reviewed(self, question: Question, verdict: Verdict, text: str, outcome: str) -> Review:
        """The review of an answer, whole: it replays the question although the skill may change or go."""
        from trainer.practice import grade  # noqa: PLC0415 — not before the first question
        from trainer.practice.marked import SELF_MARKED  # noqa: PLC0415 — as above

        now, name = self.tools.clock(), question.name
        entry, card = self.bank.skills[name.skill], self.ledger.card(name.skill)
        day = study_day(now.utc, now.offset, self.settings.rollover)
        taken = max(0, round((now.monotonic - self._shown.monotonic) * 1000))
        attempt = grade.Attempt(
            right=verdict.right, hints=self._hints, rungs=len(question.hints), taken_ms=taken, day=day,
            level=name.level, choice=question.answer.kind in grade.CHOICES,
        )  # fmt: skip
        review = Review(
            id=self.tools.ids(), skill=name.skill, revision=name.revision, level=name.level, seed=name.seed,
            topic=entry.topic, concept=entry.concept, scenario=_drawn(question),
            kind=SELF_MARKED if question.answer.kind == FREE else entry.kind,
            text=as_asked(question, self.tools.shows(question)),
            answer=question.answer.write(question.right), response=text, outcome=outcome,
            mistakes=verdict.mistakes, conventions=verdict.conventions, diverges_at=_json(verdict.diverges_at),
            hints=self._hints, grade=grade.grade(attempt, self.ledger.reviews(skill=name.skill)), at=now.utc,
            offset=now.offset, day=day, taken_ms=taken, counts=False, predicted=self.fold.predicted(card, day),
        )  # fmt: skip
        return replace(review, counts=counts(card, review))

    # ── choosing ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def day(self) -> int:
        """The study day it is now."""
        now = self.tools.clock()
        return study_day(now.utc, now.offset, self.settings.rollover)

    def situation(self) -> Situation:
        """What the next choice depends on; for `osdrill plan` and the first line too."""
        return self._situation(self._all_cards())

    def _situation(self, cards: dict[str, Card]) -> Situation:
        day = self.day
        return Situation(
            bank=self.bank,
            cards=cards,
            day=day,
            settings=self.settings,
            wishes=self.wishes,
            asked=[Asked(one.review.skill, one.review.grade == AGAIN) for one in self.done],
            put_off=self.ledger.put_off(day),
            skipped=frozenset(self._skipped),
            spent_ms=self._spent_ms + sum(min(one.review.taken_ms, IDLE_MS) for one in self.done),
        )

    def _all_cards(self) -> dict[str, Card]:
        if self._cards is None:
            self._cards = {card.skill: card for card in self.ledger.cards()}
            mine = {one.review.id for one in self.done}
            earlier = (one for one in self.ledger.reviews(since=self.day) if one.id not in mine)
            self._spent_ms = sum(min(one.taken_ms, IDLE_MS) for one in earlier)
        return self._cards

    def _chosen(self) -> Question | None:
        chosen = choose.choose(self.situation())
        while chosen is not None and not self._show(chosen):
            self._skipped.add(chosen.skill)  # it makes no question; `check` says why
            chosen = choose.choose(self.situation())
        if chosen is None:
            self._now(None, None)
        return self.question

    def _show(self, chosen: Choice) -> bool:
        """Draw the question with a seed not used for it in this session; False where none can be drawn."""
        skill, fitted = self.bank.skill(chosen.skill), self._fitted(chosen.skill)
        seeds = self._fresh(skill.id)
        try:
            if self.tools.part is not None and len(fitted) > 1:
                question = self.tools.part(skill, chosen.level, seeds, fitted)
            else:
                question = self.tools.draw(skill, chosen.level, next(seeds))
        except self.tools.cannot_draw:
            return False
        self._used.add((skill.id, question.name.seed))
        self._now(question, chosen)
        return True

    def _fresh(self, skill: str) -> Iterator[int]:
        """Seeds not used for the skill in this session, as long as some can be had."""
        tried: set[int] = set()
        while True:
            seed = self.tools.seeds()
            for _ in range(SEEDS_TRIED):
                if (skill, seed) not in self._used and seed not in tried:
                    break
                seed = self.tools.seeds()
            tried.add(seed)
            yield seed

    def _fitted(self, skill: str) -> Collection[str]:
        """The mistakes of which any may have given the last answer of a skill; none where it was right."""
        card = self.ledger.card(skill) if self.tools.part else None
        if card is None or card.again_today < 0:  # its last answer was right
            return ()
        from trainer.practice.mistakes import undecided  # noqa: PLC0415 — only after a wrong answer

        return undecided(self.ledger.reviews(skill=skill))

    def _now(self, question: Question | None, choice: Choice | None) -> None:
        self.question, self.choice, self.verdict, self.review, self._hints = question, choice, None, None, 0
        self._shown = self.tools.clock()

    def _is_over(self) -> bool:
        minutes = self.progress.minutes
        if self.wishes.count is not None and len(self.done) >= self.wishes.count:
            return True
        return self.wishes.minutes is not None and minutes >= self.wishes.minutes

    # ── looking back ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def progress(self) -> Progress:
        """How far it is."""
        minutes = (self.tools.clock().monotonic - self._began.monotonic) / 60
        left = None if self.wishes.count is None else max(0, self.wishes.count - len(self.done))
        return Progress(len(self.done), sum(one.verdict.right for one in self.done), minutes, left)

    def summary(self) -> Summary:
        """What it was, from the answers that stand."""
        from trainer.practice import mistakes, outlook  # noqa: PLC0415 — only at the end

        skills = dict.fromkeys(one.review.skill for one in self.done)
        mine = {one.review.id for one in self.done}
        history = [one for skill in skills for one in self.ledger.reviews(skill=skill)]
        history.sort(key=lambda one: (one.order, one.id))
        after = mistakes.held_in(history)
        before = {one.key: one.settled for one in mistakes.held_in([one for one in history if one.id not in mine])}
        shown = {mistakes.key(id_, one.review.skill) for one in self.done for id_ in one.review.mistakes}
        return Summary(
            asked=len(self.done),
            right=sum(one.verdict.right for one in self.done if one.question.answer.kind != FREE),
            self_marked=sum(one.question.answer.kind == FREE for one in self.done),
            taken_ms=sum(one.review.taken_ms for one in self.done),
            settled=tuple(one for one in after if one.settled and not before.get(one.key)),
            open=tuple(one for one in after if not one.settled and one.key in shown),
            tomorrow=outlook.tomorrow(self.situation()),
            practised=len({one.day for one in self.ledger.reviews(since=self.day - 6) if one.day <= self.day}),
        )


def as_asked(question: Question, about: str = "") -> str:
    """The question as it was read, in one text; `about`: its tables and pictures."""
    options = [f"{number}. {option.text}" for number, option in enumerate(question.options, 1)]
    parts = (question.title, question.text, about, *question.conventions, "\n".join(options), question.asks)
    return "\n\n".join(part for part in parts if part)


def _drawn(question: Question) -> str:
    """What was drawn, whole: it can be run again although the skill is gone. Empty for an authored skill."""
    if question.scenario is None:
        return ""
    return _json({"simulator": question.simulator, "measure": question.measure, "scenario": question.scenario})


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
