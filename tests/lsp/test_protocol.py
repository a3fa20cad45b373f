"""The messages: the same on both sides of the wire, and in both languages."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest

from relive.lsp import commands, error_protocol, protocol, value_protocol, version_protocol
from relive.lsp.converter import camel_case, make_converter
from relive.session import answers, definition_answers, versions

GENERATOR = Path(__file__).parents[2] / "server" / "devtools" / "gen_protocol.py"

MATCHING: list[tuple[Any, Any]] = [
    (answers.Value, value_protocol.Value),
    (answers.StatementResult, protocol.StatementResult),
    (answers.OutputChunk, protocol.OutputChunk),
    (answers.Missing, error_protocol.Missing),
    (answers.Error, error_protocol.ErrorInfo),
    (answers.Evaluation, protocol.Evaluation),
    (definition_answers.DefinitionChange, protocol.DefinitionChange),
    (definition_answers.LeftOut, protocol.LeftOut),
    (definition_answers.Redefinition, protocol.Redefinition),
    (definition_answers.Patches, protocol.Patches),
    (answers.SessionInfo, protocol.SessionInfo),
    (definition_answers.Undo, version_protocol.Undo),
    (versions.Version, version_protocol.Version),
]


@pytest.mark.parametrize(("answer", "message"), MATCHING)
def test_an_answer_has_the_same_fields_from_python_and_over_lsp(answer: Any, message: Any) -> None:
    here = {field.name for field in dataclasses.fields(answer)}
    there = {field.name for field in attrs.fields(message)}
    assert there - here <= {"version"}  # of a document, which only an editor has
    assert here <= there


def test_an_absent_field_and_a_null_are_told_apart() -> None:
    value = value_protocol.Value("1", "int", truncated=False, mimes=[], ref="1:1", detail=None)
    sent = make_converter().unstructure(value)
    assert sent == {
        "text": "1",
        "type": "int",
        "truncated": False,
        "mimes": [],
        "ref": "1:1",
        "detail": None,
    }


def test_names_are_camel_case_on_the_wire() -> None:
    taken = make_converter().structure({"omitLast": 2, "unheard": "of"}, commands.RestartParams)
    assert taken == commands.RestartParams(omit_last=2)
    assert camel_case("functions_updated") == "functionsUpdated"


def test_the_clients_protocol_is_the_generated_one() -> None:
    done = subprocess.run(
        [sys.executable, GENERATOR, "--check"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
