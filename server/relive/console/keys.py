"""What the keys do while a block is edited, where that is not what prompt_toolkit has them do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition, has_selection, is_searching
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from relive.console.blocks import INDENT, dedented, indent_after, is_whole, pasted


@dataclass
class Mode:
    """What Enter is for."""

    pastes: bool = False
    """It only ends lines, and nothing is indented."""


@dataclass(frozen=True)
class Pages:
    """What can be looked at meanwhile."""

    help: Callable[[], None]
    history: Callable[[], None]


def bindings(mode: Mode, pages: Pages) -> KeyBindings:
    """Return the keys of a prompt for blocks."""
    keys = KeyBindings()
    _ending_lines(keys, mode)
    _indenting(keys, mode)
    _pages(keys, mode, pages)
    return keys


def _ending_lines(keys: KeyBindings, mode: Mode) -> None:
    @keys.add("enter", filter=~is_searching)
    def enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion:
            buffer.complete_state = None  # what is chosen in the menu stays
        elif not mode.pastes and _is_at_end(buffer.document) and is_whole(buffer.text):
            buffer.validate_and_handle()
        else:
            _new_line(buffer, mode)

    @keys.add("c-o", filter=~is_searching)
    def new_line(event: KeyPressEvent) -> None:
        _new_line(event.current_buffer, mode)

    @keys.add("escape", "enter", filter=~is_searching)
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add(Keys.BracketedPaste)
    def paste(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(_fitting(event.data, event.current_buffer.document))


def _indenting(keys: KeyBindings, mode: Mode) -> None:
    at_margin = ~has_selection & Condition(lambda: not mode.pastes) & _is_in_margin

    @keys.add("tab", filter=at_margin)
    def indent(event: KeyPressEvent) -> None:
        column = event.current_buffer.document.cursor_position_col
        event.current_buffer.insert_text(INDENT[column % len(INDENT) :])

    @keys.add("tab", filter=~at_margin)
    def complete(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None:
            buffer.complete_next()
        elif mode.pastes:
            buffer.insert_text("\t")
        else:
            buffer.start_completion(insert_common_part=True)

    @keys.add("s-tab", filter=at_margin)
    @keys.add("backspace", filter=at_margin & Condition(_has_margin))
    def take_back(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        margin = buffer.document.current_line_before_cursor
        if margin:
            buffer.delete_before_cursor(len(margin) - len(dedented(margin)))


def _pages(keys: KeyBindings, mode: Mode, pages: Pages) -> None:
    @keys.add("f1")
    def help_(_: KeyPressEvent) -> None:
        pages.help()

    @keys.add("f2")
    def history(_: KeyPressEvent) -> None:
        pages.history()

    @keys.add("f3")
    def paste_mode(_: KeyPressEvent) -> None:
        mode.pastes = not mode.pastes


def _is_at_end(document: Document) -> bool:
    """Return whether nothing but blanks stands on lines below: there Enter ends the block."""
    return "\n" not in document.text_after_cursor.rstrip()


def _new_line(buffer: Buffer, mode: Mode) -> None:
    indent = "" if mode.pastes else indent_after(buffer.document.text_before_cursor)
    buffer.insert_text(f"\n{indent}")


def _fitting(data: str, document: Document) -> str:
    """Return what is pasted, its lines below the first where that one comes to stand."""
    margin = document.current_line_before_cursor
    if margin.strip():  # into a line, as it is
        return data.replace("\r\n", "\n").replace("\r", "\n")
    first, *rest = pasted(data).split("\n")
    if margin:
        first = first.lstrip(" \t")
    return "\n".join([first, *(margin + line if line.strip() else line for line in rest)])


@Condition
def _is_in_margin() -> bool:
    return not _document().current_line_before_cursor.strip()


def _has_margin() -> bool:
    return bool(_document().current_line_before_cursor)


def _document() -> Document:
    from prompt_toolkit.application import get_app

    return get_app().current_buffer.document
