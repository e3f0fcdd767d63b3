"""Claims about reading answers and keys, through prompt-toolkit's own pipe and onto a screen of a fixed size."""

import io
import os
import signal

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from trainer.quiz.judge import judge, read
from trainer.screen.keys import ASKING, Key
from trainer.screen.paper import Look, Paper
from trainer.screen.prompt import Prompt
from trainer.screen.stepper import Stepper
from trainer.screen.walk import page, walk_of
from trainer.view.drawing import Frame, text_of

AFTER = (Key("enter", "next"), Key("r", "another like it"), Key("q", "save and quit"))


class Desk:
    """A prompt with a pipe for a keyboard and a string for a screen."""

    def __init__(self, keyboard, columns=80, rows=24, **look):
        self.columns, self.rows, self.keyboard = columns, rows, keyboard
        self.out, self.pages = io.StringIO(), []
        self.paper = Paper(self.out, Look(**look), lambda: self.columns)
        self.output = Vt100_Output(self.out, lambda: Size(self.rows, self.columns), enable_cpr=False)
        self.prompt = Prompt(
            self.paper, input=keyboard, output=self.output, resized=self.resized, back=lambda: self.pages.append(0)
        )

    def resized(self):
        self.pages.append(self.columns)
        self.keyboard.send_text("after\r")

    def ask(self, keys, words=()):
        self.keyboard.send_text(keys)
        return self.prompt.ask(words, ASKING)

    def key(self, keys):
        self.keyboard.send_text(keys)
        return self.prompt.key(AFTER)


def shown_while(desk, glass, *sent):
    """What the screen holds at the first redraw, and after each text that is sent then."""
    seen, left, told = [], list(sent), desk.prompt.rendered

    def look(app):
        screen = glass()
        screen.feed(desk.out.getvalue())
        seen.append(screen.text)
        if left:
            desk.keyboard.send_text(left.pop(0))
        told(app)

    desk.prompt.rendered = look
    return seen


@pytest.fixture
def desk():
    with create_pipe_input() as keyboard:
        yield Desk(keyboard)


@pytest.mark.rule
def test_an_answer_is_what_was_typed(desk):
    assert desk.ask("5 1/3\r") == "5 1/3"


@pytest.mark.rule
def test_a_line_can_be_edited(desk):
    assert desk.ask("57\x7f\x7f4 6 3\x1b[D\x1b[D\x7f5\r") == "4 5 3"


@pytest.mark.rule
def test_enter_on_an_empty_line_does_nothing(desk):
    assert desk.ask("\r  \r7\r").strip() == "7"


@pytest.mark.rule
def test_a_question_mark_shows_all_keys_at_once_and_a_word_may_follow_it(desk, glass):
    seen = shown_while(desk, glass, "?", " page fault", "\r")
    assert desk.ask("", words=("not-present", "? page fault")) == "? page fault"
    assert seen[1].startswith("› ?\n  ?       keys\n  :h      hint\n")
    assert seen[1].endswith("  ? WORD  what a word means\nWords in this question: page fault.")
    assert seen[-1] == "› ? page fault"


@pytest.mark.rule
def test_a_question_mark_and_enter_are_a_command_and_inside_a_text_it_is_none(desk):
    assert desk.ask("?\r") == "?"
    assert desk.ask("what?\r") == "what?"


@pytest.mark.rule
def test_in_a_window_of_six_rows_the_line_being_typed_is_still_seen(glass):
    with create_pipe_input() as keyboard:
        desk = Desk(keyboard, columns=40, rows=6)
        seen = shown_while(desk, lambda: glass(40, 6), "?", " LRU", "\r")
        assert desk.ask("") == "? LRU"
    assert seen[1].startswith("› ?\n")
    assert not any("too small" in screen for screen in seen)


@pytest.mark.rule
def test_tab_behind_a_question_mark_completes_a_word_that_can_be_looked_up(desk):
    words = ("page", "? page fault", "? PSI")
    assert desk.ask("? page f\t\r", words=words) == "? page fault"
    assert desk.ask("?ps\t\r", words=words) == "? PSI"
    assert desk.ask("pa\t\r", words=words) == "page"


@pytest.mark.rule
@pytest.mark.parametrize(("key", "error"), [("\x03", KeyboardInterrupt), ("\x04", EOFError)])
def test_ctrl_c_interrupts_and_ctrl_d_ends_everywhere(desk, key, error):
    with pytest.raises(error):
        desk.ask(key)
    with pytest.raises(error):
        desk.key(key)


@pytest.mark.rule
def test_ctrl_d_in_a_text_deletes(desk):
    assert desk.ask("12\x1b[D\x04\r") == "1"


@pytest.mark.rule
def test_a_pasted_text_of_several_lines_is_one_answer(desk):
    assert desk.ask("\x1b[200~1 2\n3\x1b[201~\r") == "1 2 3"


@pytest.mark.rule
def test_tab_completes_a_name_of_the_question(desk):
    assert desk.ask("not\t\r", words=("not-present", "fault")) == "not-present"


@pytest.mark.rule
def test_a_key_acts_alone_and_others_do_nothing(desk):
    assert desk.key("xr") == "r"
    assert desk.key("\r") == "enter"
    assert desk.key("\x1b[A\x1bq") == "q"


@pytest.mark.rule
def test_an_answer_stays_on_the_screen_and_the_line_of_keys_goes(desk, glass):
    desk.ask("4 6 3\r")
    screen = glass()
    screen.feed(desk.out.getvalue())
    assert screen.text == "› 4 6 3"


@pytest.mark.rule
def test_the_line_of_keys_stands_below_what_is_typed(desk, glass):
    def look(app):
        screen = glass()
        screen.feed(desk.out.getvalue())
        seen.append(screen.text)

    seen = []
    desk.prompt.rendered = look
    desk.ask("4\r")
    assert seen[0] == "›\n? keys  :h hint  :s skip  :g give up  :u undo  :f report  :q quit"


@pytest.mark.rule
def test_keys_leave_nothing_behind(desk, glass):
    desk.key("q")
    screen = glass()
    screen.feed(desk.out.getvalue())
    assert screen.text == ""


@pytest.mark.rule
def test_without_colour_no_style_is_sent():
    with create_pipe_input() as keyboard:
        desk = Desk(keyboard, colour=False, ascii=True)
        desk.ask("1\r")
    assert "\x1b[0;1m" not in desk.out.getvalue()
    assert "› " not in desk.out.getvalue()
    assert "> " in desk.out.getvalue()


@pytest.mark.rule
def test_a_window_of_another_width_gets_the_page_again(desk):
    def shrink(app):
        if desk.columns == 80:
            desk.columns = 50
            os.kill(os.getpid(), signal.SIGWINCH)
        told(app)

    told = desk.prompt.rendered
    desk.prompt.rendered = shrink
    assert desk.prompt.ask((), ASKING) == "after"
    assert desk.pages == [50]


# ── the step viewer ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def stepped(disk_question, glass):
    """keys -> (the walk where they lead, the screen as it was before it was left)."""

    def step(keys, columns=80, rows=24):
        walk = walk_of(disk_question, judge(disk_question, read(disk_question, "640")))
        with create_pipe_input() as keyboard:
            desk = Desk(keyboard, columns, rows)
            stepper = Stepper(walk, Look(), input=keyboard, output=desk.output)
            screens = []

            def look(app):
                if app.is_done:
                    return
                screen = glass(columns, rows)
                screen.feed(desk.out.getvalue())
                screens.append(screen.text)
                if len(screens) == 2:
                    keyboard.send_text("q")

            stepper.app.after_render += look
            keyboard.send_text(keys)
            stepper.run()
        return stepper.walk, screens[-1], desk.out.getvalue()

    return step


@pytest.mark.rule
def test_arrows_home_and_end_walk_the_trace(stepped):
    assert stepped("\x1b[C\x1b[C\x1b[C\x1b[D")[0].at == 2
    assert stepped("\x1b[F")[0].at == 8
    assert stepped("\x1b[F\x1b[H")[0].at == 0
    assert stepped(" \x1b[C d")[0].at == 1
    assert stepped("m")[0].mistaken


@pytest.mark.rule
@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (50, 20), (40, 24), (30, 12)])
def test_it_takes_the_alternate_screen_and_gives_it_back(stepped, columns, rows):
    walk, screen, sent = stepped("\x1b[C", columns, rows)
    assert screen == text_of(page(walk, Frame(columns), rows))
    assert sent.index("\x1b[?1049h") < sent.index("Head movement") < sent.index("\x1b[?1049l")


@pytest.mark.rule
@pytest.mark.parametrize(("key", "error"), [("\x03", KeyboardInterrupt), ("\x04", EOFError)])
def test_ctrl_c_and_ctrl_d_leave_the_viewer_too(stepped, key, error):
    with pytest.raises(error):
        stepped(key)
