"""Blocks, the pieces of text that are sent: whether one is whole, how its next line begins.

What is judged is the text alone, by this Python's compiler. The session's may be a newer one: what
this one does not know is whole where it would be, were it known, and the session says the rest.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
import warnings
from codeop import CommandCompiler

INDENT = "    "
COMMAND_MARKS = ("%", ":")
"""What commands begin with, and no Python does: each is one line."""

_DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_LEAVING = re.compile(r"\s*(?:return|raise|break|continue|pass)\b")
"""Statements after which nothing of their block comes."""
_FOLLOWING = re.compile(r"(?:elif|else|except|finally)\b")
"""How a line begins that goes on with the statement above it."""
_NO_CODE = frozenset(
    (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)
) | {tokenize.ENDMARKER}
_PROMPTS = re.compile(r"^(?:>>>|\.\.\.)(?: |$)", re.MULTILINE)
_FIRST_PROMPT = re.compile(r"\s*>>>(?: |$)")


def is_whole(text: str) -> bool:
    """Return whether to send `text` now that a line was ended.

    A compound statement wants an empty one.
    """
    text = _without_last_indent(text)
    if not text.strip() or text.lstrip().startswith(COMMAND_MARKS):
        return True
    try:
        return _is_complete(text, "single")
    except SyntaxError:  # or there are several statements
        pass
    try:
        return _is_complete(text, "exec") and (text.endswith("\n") or not _ends_compound(text))
    except SyntaxError:
        return not _may_go_on(text)


def goes_on(line: str) -> bool:
    """Return whether `line` belongs to a block that an empty line seemed to end."""
    return line[:1] in (" ", "\t") or bool(_FOLLOWING.match(line))


def indent_after(text: str) -> str:
    """Return what the line after `text` begins with."""
    line = text.rpartition("\n")[2]
    margin = line[: len(line) - len(line.lstrip(" \t"))]
    tokens, is_open = _tokens(text)
    if is_open or not tokens:
        return margin
    depth = sum(_DEPTH.get(each, 0) for each in tokens)
    if depth > 0:
        return margin + INDENT if _DEPTH.get(tokens[-1]) == 1 else margin
    if tokens[-1] == ":":
        return margin + (_indent_of(text) or INDENT)
    return dedented(margin) if _LEAVING.match(line) else margin


def dedented(margin: str) -> str:
    """Return the indentation one level less than `margin`."""
    if margin.endswith("\t"):
        return margin[:-1]
    return margin[: max(0, (len(margin) - 1) // len(INDENT) * len(INDENT))]


def pasted(text: str) -> str:
    """Return what was copied as a block: no prompts, no common indentation, plain line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _FIRST_PROMPT.match(text):
        text = textwrap.dedent(text)
        lines = text.split("\n")
        # What stands between without a prompt is what it had printed.
        text = "\n".join(_PROMPTS.sub("", each) for each in lines if _PROMPTS.match(each))
    elif text[:1] in (" ", "\t") and "\n" in text:
        text = textwrap.dedent(text)
    return text


def _is_complete(text: str, symbol: str) -> bool:
    """Return whether nothing is missing in `text`; raises SyntaxError where it is no code."""
    compiler = CommandCompiler()
    compiler.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the session tells of them, once
        try:
            return compiler(text, "", symbol) is not None
        except (OverflowError, ValueError):  # the session says what it has against it
            return True


def _ends_compound(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        body = compile(text, "", "exec", flags).body
    return hasattr(body[-1], "body") and not isinstance(body[-1], ast.Expr)


def _without_last_indent(text: str) -> str:
    short = text.rstrip(" \t")
    return short if short.endswith("\n") else text


def _may_go_on(text: str) -> bool:
    """Return whether text that does not parse may be the begin of what another Python knows."""
    if text.endswith("\n"):
        return False
    line = text.rpartition("\n")[2]
    tokens, is_open = _tokens(text)
    depth = sum(_DEPTH.get(each, 0) for each in tokens)
    is_header = bool(tokens) and tokens[-1] == ":" and depth == 0 and not is_open
    return is_header or ("\n" in text and line[:1] in (" ", "\t"))


def _tokens(text: str) -> tuple[list[str], bool]:
    """Return the tokens of code in `text`, and whether it ends inside a string."""
    found: list[str] = []
    try:
        read = tokenize.generate_tokens(io.StringIO(text).readline)
        found.extend(token.string for token in read if token.type not in _NO_CODE)
    except tokenize.TokenError as error:
        return found, "string" in str(error)
    except SyntaxError:  # an indentation that fits none above
        pass
    return found, False


def _indent_of(text: str) -> str:
    """Return how a block above is indented, if there is one."""
    found = re.search(r":[ \t]*(?:#.*)?\n([ \t]+)\S", text)
    return found[1] if found and _is_margin_of_top(text, found.start()) else ""


def _is_margin_of_top(text: str, place: int) -> bool:
    line = text.rfind("\n", 0, place) + 1
    return text[line : line + 1] not in (" ", "\t")
