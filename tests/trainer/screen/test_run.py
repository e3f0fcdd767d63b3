"""Claims about the loop between a session and whoever sits before it."""

import io
from types import SimpleNamespace

import pytest

from tests.trainer.practice.bench import FOLD, Entry, NothingToDraw, SmallBank
from tests.trainer.practice.bench import session as small_session
from trainer.model import replace
from trainer.practice.outlook import Outlook
from trainer.practice.unsaved import Unsaved
from trainer.quiz.judge import judge
from trainer.screen.lines import Lines
from trainer.screen.paper import Look, Paper
from trainer.screen.run import FINE, INTERRUPTED, front_on, practise
from trainer.screen.summary import Opening
from trainer.screen.term import Terms
from trainer.store.errors import CannotSave
from trainer.view.drawing import Frame, Span, text_of

START = Opening(data="~/.local/share/osdrill")
ENTRIES = [Entry(f"{topic}.one", topic, topic, title=f"Skill of {topic}") for topic in ("a", "b", "c")]


WORDS = SimpleNamespace(  # a glossary of two words
    sources={"book": {"title": "A book", "kind": "book", "edition": "10"}},
    glossary={
        "SCAN": {"definition": "The arm goes to the end.", "sources": ["book 11.2"], "synonyms": ["elevator (old)"]},
        "cylinder": {"definition": "Tracks under the heads.", "sources": ["book 11.1"], "synonyms": []},
    },
)


class Script:
    """A front that plays what a person does: texts and keys in order, and keeps what was shown."""

    waits, rows = True, None

    def __init__(self, *acts):
        self.acts, self.pages, self.walks, self.offered = list(acts), [], [], []

    def page(self, draw):
        self.pages.append(text_of(draw(Frame())))

    def say(self, draw):
        if not self.pages:
            self.pages.append("")
        self.pages[-1] += "\n" + text_of(draw(Frame()))

    def act(self):
        act = self.acts.pop(0) if self.acts else EOFError
        if isinstance(act, type):
            raise act
        return act

    def first_key(self, keys):
        return self.pressed(keys)

    def ask(self, words, keys):
        self.offered.append(list(words))
        return self.act()

    def key(self, keys):
        return self.pressed(keys)

    def pressed(self, keys):
        act = self.act()
        assert act in {key.name for key in keys}, f"{act} is not offered: {keys}"
        return act

    def walk(self, walk):
        self.walks.append(walk)

    @property
    def text(self):
        return "\n".join(self.pages)


@pytest.fixture
def sitting(disk_question):
    """ledger -> a session whose every question is the textbook's queue, 236 by SSTF."""

    def make(ledger=None, **given):
        made = small_session(ledger, bank=SmallBank(ENTRIES), **given)

        def draw(skill, level, seed):
            name = disk_question.name._replace(skill=skill.id, level=level, seed=seed)
            return replace(disk_question, name=name, title=skill.title)

        made.tools = replace(made.tools, draw=draw, judge=judge)
        return made

    return make


def played(session, *acts, opening=START, **more):
    front = Script(*acts)
    return practise(session, front, opening, **more), front


# ── before the first question ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_first_run_asks_at_once_and_says_afterwards_where_answers_live(sitting):
    _, front = played(sitting(), "236", "q", opening=START._replace(first=True))
    assert front.pages[0] == "\nosdrill · first question, no account, nothing to set up."
    assert "like this: 12" in front.pages[1]
    assert "Your answers are kept in ~/.local/share/osdrill." in front.pages[2]
    for command in ("osdrill  ", "osdrill quiz paging", "osdrill stats"):
        assert command in front.pages[2]


@pytest.mark.rule
def test_coming_back_says_what_is_due_and_enter_starts(sitting):
    opening = START._replace(outlook=Outlook(12, 9 * 60_000, 2), goal="goal 20 Jan: on course")
    _, front = played(sitting(), "enter", "236", "q", opening=opening)
    assert front.pages[0] == "\n12 due, about 9 minutes · 2 new fit in your 15 · goal 20 Jan: on course"
    assert "like this: 12" in front.pages[1]


@pytest.mark.rule
def test_not_now_asks_nothing(sitting):
    status, front = played(sitting(), "q", opening=START._replace(outlook=Outlook(1, 60_000, 0)))
    assert status == FINE
    assert front.pages == ["\n1 due, about 1 minute"]


@pytest.mark.rule
def test_when_nothing_is_due_it_says_so_and_what_can_be_done(sitting):
    status, front = played(sitting(), opening=START._replace(outlook=Outlook(0, 0, 0)))
    assert status == FINE
    assert front.text.endswith("Nothing is due. osdrill quiz --count 5 asks more now.")


@pytest.mark.rule
def test_notices_come_first(sitting):
    _, front = played(sitting(), EOFError, opening=START._replace(notices=("2 broken skills left out.",)))
    assert front.pages[0].strip() == "2 broken skills left out."


# ── a question ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_a_wrong_answer_is_diagnosed_and_comes_back(sitting):
    ledger = Unsaved(FOLD)
    _, front = played(sitting(ledger), "640", "q")
    assert "640 is what you get if requests are served in order of arrival. That is FCFS." in front.text
    assert "seen again in 3 questions, as a fresh instance" in front.text
    assert [review.response for review in ledger.reviews()] == ["640"]


@pytest.mark.rule
def test_a_right_answer_says_when_it_is_seen_again(sitting):
    _, front = played(sitting(), "236", "q")
    assert "✓ Right: 236" in front.text
    assert "seen again in 2 days, as a fresh instance" in front.text or "seen again in 3 days" in front.text


@pytest.mark.rule
def test_unreadable_input_is_asked_again_and_records_nothing(sitting):
    ledger = Unsaved(FOLD)
    _, front = played(sitting(ledger), "what", EOFError)
    assert "Not an answer yet: " in front.text
    assert "It costs nothing." in front.text
    assert list(ledger.reviews()) == []


@pytest.mark.rule
def test_hints_come_rung_by_rung_and_end(sitting):
    _, front = played(sitting(), ":h", "h", "hint", "236", "q")
    assert "Hint 1 of 2: The rule: the shortest seek next." in front.text
    assert "Hint 2 of 2: From 53 the arm goes to 65." in front.text
    assert "There is no further hint." in front.text


@pytest.mark.rule
def test_help_lists_the_commands(sitting):
    _, front = played(sitting(), "?", EOFError)
    assert "  :g      give up\n" in front.text
    assert "  ? WORD  what a word means\n" in front.text


@pytest.mark.rule
def test_a_word_is_looked_up_while_the_question_is_open_and_nothing_of_it_is_kept(sitting):
    ledger = Unsaved(FOLD)
    _, front = played(sitting(ledger), "? elevators", "? pritn", "236", "q", terms=Terms(lambda: WORDS))
    assert "SCAN\nThe arm goes to the end.\nAlso: elevator (old)." in front.pages[0]
    assert "No entry 'pritn'. osdrill term lists all words. It costs nothing." in front.pages[0]
    (review,) = ledger.reviews()
    assert (review.response, review.hints, review.outcome) == ("236", 0, "right")


@pytest.mark.rule
def test_the_words_of_this_question_are_offered_after_it_has_been_painted(sitting):
    read = []

    def tables():
        read.append(len(front.pages))
        return WORDS

    front = Script("?", EOFError)
    practise(sitting(), front, START, terms=Terms(tables))
    assert "Words in this question: cylinder." in front.pages[0]
    assert read == [1]
    assert "? cylinder" in front.offered[0]


@pytest.mark.rule
def test_without_a_glossary_nothing_is_found_and_nothing_breaks(sitting):
    _, front = played(sitting(), "? SCAN", "?", EOFError)
    assert "No entry 'SCAN'." in front.text
    assert "Words in this question" not in front.text


@pytest.mark.rule
def test_skipping_records_nothing_and_asks_something_else(sitting):
    ledger = Unsaved(FOLD)
    _, front = played(sitting(ledger), ":s", EOFError)
    assert list(ledger.reviews()) == []
    assert front.pages[0].split("\n")[0] != front.pages[1].split("\n")[0]


@pytest.mark.rule
def test_giving_up_shows_the_solution_and_is_recorded(sitting):
    ledger = Unsaved(FOLD)
    _, front = played(sitting(ledger), ":g", "q")
    assert "The answer: 236" in front.text
    assert [review.outcome for review in ledger.reviews()] == ["gave-up"]


# ── after an answer ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_another_is_a_fresh_instance_of_the_same_skill(sitting):
    _, front = played(sitting(), "236", "r", "640", "q")
    first, second = (page.split("\n")[0] for page in (front.pages[0], front.pages[2]))
    assert first == second


@pytest.mark.rule
def test_where_no_other_instance_can_be_drawn_it_says_so(sitting):
    session = sitting()
    session.tools = replace(session.tools, draw=_once(session.tools.draw))
    _, front = played(session, "236", "r", "q")
    assert "No other instance of this could be drawn." in front.text


def _once(draw):
    drawn = []

    def one(skill, level, seed):
        if drawn:
            raise NothingToDraw
        drawn.append(skill)
        return draw(skill, level, seed)

    return one


@pytest.mark.rule
def test_stepping_through_knows_where_the_answer_parts(sitting):
    _, front = played(sitting(), "640", "v", "q")
    assert front.walks[0].parts == 1
    assert front.walks[0].other is not None


@pytest.mark.rule
def test_undo_after_a_verdict_asks_the_same_question_again(sitting):
    ledger = Unsaved(FOLD)
    _, front = played(sitting(ledger), "640", "u", "236", "q")
    assert "Undone: 640" in front.text
    assert front.pages[0] == front.pages[2]
    assert [review.response for review in ledger.reviews()] == ["236"]


@pytest.mark.rule
def test_undo_in_a_question_goes_back_to_the_one_before_and_then_on(sitting):
    ledger = Unsaved(FOLD)
    _, front = played(sitting(ledger), "640", "enter", ":u", "236", "enter", "236", "q")
    titles = [page.split("\n")[0].split("  ")[0] for page in front.pages if "like this" in page]
    assert titles[0] == titles[2]
    assert titles[1] == titles[3]
    assert [review.response for review in ledger.reviews()] == ["236", "236"]


@pytest.mark.rule
def test_undo_with_nothing_to_undo_says_so(sitting):
    _, front = played(sitting(), ":u", EOFError)
    assert "There is nothing to undo in this session." in front.text


@pytest.mark.rule
def test_an_answer_that_cannot_be_saved_is_asked_again_and_not_lost_in_silence(sitting):
    class Full(Unsaved):
        full = True

        def record(self, review):
            if self.full:
                self.full = False
                raise CannotSave("history.db cannot be saved: the disk is full")
            return super().record(review)

    ledger = Full(FOLD)
    _, front = played(sitting(ledger), "236", "236", "q")
    assert "history.db cannot be saved: the disk is full. This answer is not saved" in front.text
    assert [review.response for review in ledger.reviews()] == ["236"]


# ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule
def test_the_summary_counts_names_what_is_open_and_what_is_next(sitting):
    status, front = played(sitting(count=2), "640", "enter", "236", "enter", "enter")
    assert status == FINE
    rows = front.pages[-1].rstrip("\n").split("\n")
    assert rows[0].startswith("2 questions, 1 right, ")
    assert rows[0].endswith("practised 1 of the last 7 days")
    assert any(row.startswith("  open      fcfs instead, asked again ") for row in rows)
    assert rows[-1].startswith("  next      ")


@pytest.mark.rule
def test_undo_in_the_summary_goes_back_to_the_question(sitting):
    ledger = Unsaved(FOLD)
    _, front = played(sitting(ledger, count=1), "640", "enter", "u", "236", "enter", "enter")
    assert [review.response for review in ledger.reviews()] == ["236"]
    assert front.pages[-1].startswith("1 question, 1 right")


@pytest.mark.rule
def test_statistics_are_shown_at_the_end_where_there_are_any(sitting):
    _, front = played(sitting(count=1), "236", "enter", "s", "enter", statistics=lambda _frame: ((Span("all of it"),),))
    assert front.text.endswith("all of it")


@pytest.mark.rule
def test_ctrl_c_leaves_at_once_with_every_answer_kept(sitting):
    ledger = Unsaved(FOLD)
    status, front = played(sitting(ledger), "236", "enter", KeyboardInterrupt)
    assert status == INTERRUPTED
    assert front.pages[-1] == "1 answer saved. osdrill goes on where you left."
    assert len(list(ledger.reviews())) == 1


@pytest.mark.rule
def test_ctrl_d_in_a_question_ends_with_the_summary(sitting):
    status, front = played(sitting(), "236", "enter", EOFError)
    assert status == FINE
    assert front.pages[-1].startswith("1 question, 1 right")


@pytest.mark.rule
def test_quitting_before_any_answer_says_how_to_go_on(sitting):
    status, front = played(sitting(), ":q")
    assert status == FINE
    assert front.pages[-1] == "Nothing answered. To go on, run osdrill when you like."


# ── line by line ────────────────────────────────────────────────────────────────────────────────────────────────


def piped(session, text):
    out = io.StringIO()
    front = Lines(Paper(out, Look(plain=True, colour=False), lambda: 80), io.StringIO(text), waits=False)
    return practise(session, front, START), out.getvalue()


@pytest.mark.rule
def test_no_input_shows_one_question_says_how_to_go_on_and_is_fine(sitting):
    status, told = piped(sitting(), "")
    assert status == FINE
    assert told.count("Question: ") == 1
    assert told.replace("\n", " ").endswith("To go on, run osdrill in a terminal, or pipe one answer a line. ")


@pytest.mark.rule
def test_piped_answers_are_judged_one_a_line(sitting):
    ledger = Unsaved(FOLD)
    status, told = piped(sitting(ledger, count=2), "640\n:h\n236\n")
    assert status == FINE
    assert [review.response for review in ledger.reviews()] == ["640", "236"]
    assert "[wrong] Answer: 236" in told
    assert "[right] 236" in told
    assert "2 questions, 1 right" in told
    assert "\x1b" not in told


@pytest.mark.rule
def test_streams_that_are_no_terminal_are_read_line_by_line():
    with front_on(io.StringIO("5\n"), io.StringIO(), Look()) as front:
        assert isinstance(front, Lines)
        assert not front.waits
