"""Programs as files: every bit comes back, and whatever is not a program is refused."""

import json
import math
import random
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp._support.atomic_file import FileMismatch
from microbp.core.ops import table
from microbp.nn import FileMismatch as OfNets
from microbp.nn import Net
from microbp.replay.export import json_file
from microbp.replay.program import Program, record
from tests.helpers.recorded import programs, replayed


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("program") / "p.json"


def unit():
    x, w, b = Value(0.0, "x"), Value(0.5, "w"), Value(-1.0, "b")
    y = microbp.dot([w], [x], b)
    y.label = "h"
    return record(microbp.sigmoid(y) * 3.0, inputs=[x], parameters=[w, b])


def test_the_file_of_a_unit_can_be_read(path):
    assert unit().save(path) == path
    assert (
        path.read_text()
        == """\
{
 "format": "microbp program",
 "version": 2,
 "inputs": [
  "x"],
 "parameters": [
  ["w", 0.5],
  ["b", -1.0]],
 "constants": [
  ["", 3.0]],
 "operations": [
  ["dot", [1, 0, 2], "h"],
  ["sigmoid", [4]],
  ["mul", [5, 3]]],
 "outputs": [6],
 "several": false,
 "checksum": "ca2ad4e7"
}
"""
    )


@given(programs())
def test_a_program_comes_back_with_every_bit(path, drawn):
    program, cases = drawn
    program.save(path)
    again = Program.load(path)
    assert replayed(again, cases) == replayed(program, cases)
    pairs = list(zip(again.parameters, program.parameters, strict=True))
    assert all(new.data.hex() == old.data.hex() for new, old in pairs)
    assert [new.label for new, _ in pairs] == [old.label for _, old in pairs]
    assert again._recording.labels == program._recording.labels
    assert not {new for new, _ in pairs} & {old for _, old in pairs}
    text = path.read_text()
    again.save(path)
    assert path.read_text() == text


@given(st.lists(st.floats(), min_size=2, max_size=2))
def test_numbers_that_are_not_finite_are_kept_in_plain_json(path, numbers):
    w, c, x = Value(numbers[0], "w"), Value(numbers[1]), Value(1.0)
    record((x * w) * c, inputs=[x], parameters=[w]).save(path)

    def refuse(name):
        raise AssertionError(name)

    json.loads(path.read_text(), parse_constant=refuse)
    again = Program.load(path)
    found = [again.parameters[0].data, again._recording.constants[0]]
    assert [x.hex() for x in found] == [x.hex() for x in numbers]


def test_a_net_with_a_lone_surrogate_for_a_label_comes_back(path):
    net = Net(2, rng=random.Random(0)).add("hidden", 2, activation="tanh").add("output", 2)
    xs = [Value(0.0, "\ud800"), Value(0.0, '"]\n')]
    program = record(net(xs), inputs=xs)
    program.save(path)
    again = Program.load(path)
    assert again.forward([[1.0, 0.5]]).tolist() == program.forward([[1.0, 0.5]]).tolist()
    assert again._recording.labels == program._recording.labels


def test_an_operation_of_ones_own_has_to_be_there_when_the_file_is_loaded(path, monkeypatch):
    monkeypatch.setattr("microbp.core.custom_op._own", {})
    cube = microbp.operation(
        "cube", value=lambda m, x: x * x * x, partials=lambda m, y, x: (3.0 * x * x,)
    )
    x = Value(0.0)
    try:
        program = record(cube(x), inputs=[x])
        program.save(path)
        assert Program.load(path).input_gradient([[2.0]]).tolist() == [[12.0]]
        old = table.pop("cube")
        with pytest.raises(
            FileMismatch, match=r"operation 0: there is no operation 'cube'; define"
        ):
            Program.load(path)
        table["cube"] = microbp.core.ops.Op("cube", "", old.value, old.partials)
        with pytest.raises(ValueError, match="'cube' has been replaced"):
            program.save(path)
    finally:
        del table["cube"]


def changed(**keys):
    state = {
        "format": "microbp program",
        "version": 2,
        "inputs": ["x"],
        "parameters": [["w", 0.5]],
        "constants": [],
        "operations": [["mul", [0, 1], "y"]],
        "outputs": [2],
        "several": False,
    }
    return {**state, **keys}


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ([], "not a microbp program"),
        (None, "not a microbp program"),
        (changed(format="microbp net"), "not a microbp program"),
        (changed(version=1), "version 1 of the format; this microbp reads 2"),
        (changed(version=True), "version True of the format; this microbp reads 2"),
        (changed(version="1"), "version '1' of the format; this microbp reads 2"),
        (changed(code="import os"), "unknown key 'code'"),
        (changed(inputs=10**9), "inputs: expected a list, got 1000000000"),
        (changed(outputs=None), "outputs: expected a list, got None"),
        (changed(several=1), "several: expected true or false, got 1"),
        (changed(inputs=[1]), "input 0: expected a string as its label, got 1"),
        (changed(parameters=[0.5]), "parameter 0: expected a label and a number, got 0.5"),
        (changed(parameters=[["w", "0.5"]]), "parameter 0: expected a number, got '0.5'"),
        (changed(parameters=[["w", True]]), "parameter 0: expected a number, got True"),
        (changed(parameters=[[None, 1]]), "parameter 0: expected a string as its label, got None"),
        (changed(constants=[[]]), "constant 0: expected a label and a number, got []"),
        (changed(operations=["mul"]), "operation 0: expected a name, operands and perhaps a label, "
         "got 'mul'"),
        (changed(operations=[["mul", 0, 1]]), "operation 0: expected a name, operands and perhaps "
         "a label, got ['mul', 0, 1]"),
        (changed(operations=[["mul", [0, 1], 3]]), "operation 0 (mul): expected a string as its "
         "label, got 3"),
        (changed(operations=[["os.system", [0]]]), "operation 0: there is no operation "
         "'os.system'; define a custom operation by microbp.operation before you load the file"),
        (changed(operations=[[["mul"], [0]]]), "operation 0: there is no operation ['mul']; define "
         "a custom operation by microbp.operation before you load the file"),
        (changed(operations=[["mul", [0]]]), "operation 0 (mul): expected 2 operands, got 1"),
        (changed(operations=[["dot", [0, 1]]]), "operation 0 (dot): expected weights, as many "
         "activities and a bias, got 2"),
        (changed(operations=[["dot", []]]), "operation 0 (dot): expected weights, as many "
         "activities and a bias, got 0"),
        *(
            (changed(operations=[["mul", [0, number]]]), "operation 0 (mul): expected numbers of "
             f"earlier nodes, below 2, got {number!r}")
            for number in (2, -1, 1.0, True, None, 2**31, 10**19)
        ),
        (changed(outputs=[]), "outputs: expected one, got 0"),
        (changed(outputs=[2, 2]), "outputs: expected one, got 2"),
        (changed(outputs=[], several=True), "outputs: expected at least one, got 0"),
        (changed(outputs=[3]), "outputs: expected numbers of earlier nodes, below 3, got 3"),
    ],
)  # fmt: skip
def test_a_state_that_is_no_program_is_refused_and_named(path, state, message):
    path.write_text(json.dumps(state))
    with pytest.raises(FileMismatch) as error:
        Program.load(path)
    assert str(error.value) == f"p.json: {message}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0.5", "NaN", "NaN is not a JSON number"),
        ("0.5", "-Infinity", "-Infinity is not a JSON number"),
        ("0.5", "1e999", "no float can hold '1e999'"),
        ("0.5", "1" * 5000, "a whole number of 5000 digits; expected at most 20"),
        ("0.5", "[" * 200_000, "nested too deeply"),
        ("0.5", '{"a":' * 200_000, "nested too deeply"),
        ("2,", '2, "version": 2,', "an object with the same key twice"),
        ("0.5", '{"a": 1, "a": 1}', "an object with the same key twice"),
        ("0.5", "", "not a JSON file: "),
        ("0.5", "\ufeff", "not a JSON file: "),
        ('"x"', '"\n"', "not a JSON file: "),
    ],
)
def test_a_text_that_is_no_plain_json_is_refused(path, old, new, message):
    path.write_text(json.dumps(changed()).replace(old, new), encoding="utf-8")
    with pytest.raises(FileMismatch) as error:
        Program.load(path)
    assert str(error.value).startswith(f"p.json: {message}")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"\x00" * 9, b"3", b"null", b'"program"'])
def test_a_file_of_something_else_is_refused(path, data):
    path.write_bytes(data)
    with pytest.raises(FileMismatch, match=r"^p\.json: not a "):
        Program.load(path)


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        Program.load(tmp_path / "none.json")


def test_the_error_is_the_one_of_nets():
    assert OfNets is FileMismatch


HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 12),
    st.sampled_from([2**31, 2**63, 10**19, math.pi, -0.0, 1e300, "nan", "inf", "mul", "dot", ""]),
    st.sampled_from([[], {}, [0], [[]], ["mul", [0, 1]], ["total", []], ["w", 1.0]]).map(deepcopy),
)


def places(state):
    """Every container of a parsed file, with every key or number in it."""
    found, rest = [], [state]
    while rest:
        at = rest.pop()
        for key in at if isinstance(at, dict) else range(len(at)):
            found.append((at, key))
            if isinstance(at[key], (dict, list)):
                rest.append(at[key])
    return found


def loads_or_is_refused(path, cases=2):
    try:
        program = Program.load(path)
    except FileMismatch as error:
        return str(error)
    width = program._recording.inputs
    replayed(program, [[0.5] * width] * cases)
    program.save(path)
    Program.load(path)
    return "p.json: loaded"


@given(programs(), st.data())
def test_a_file_with_parts_replaced_loads_or_is_refused(path, drawn, data):
    drawn[0].save(path)
    state = json.loads(path.read_text())
    for _ in range(data.draw(st.integers(1, 3))):
        at, key = data.draw(st.sampled_from(places(state)))
        if data.draw(st.booleans()):
            at[key] = data.draw(HOSTILE)
        elif isinstance(at, list) and data.draw(st.booleans()):
            at.insert(key, at[key])
        else:
            del at[key]
        if not places(state):
            break
    path.write_text(json.dumps(state))
    assert loads_or_is_refused(path).startswith("p.json: ")


@given(programs(), st.data())
def test_a_file_with_bytes_replaced_loads_or_is_refused(path, drawn, data):
    drawn[0].save(path)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(at, min(len(whole), at + 8)))
    new = data.draw(st.binary(max_size=4) | st.sampled_from([b"[", b"0", b"-", b"]", b'"', b"e9"]))
    path.write_bytes(whole[:at] + new + whole[end:])
    assert loads_or_is_refused(path).startswith("p.json: ")


def test_a_number_that_was_damaged_is_told(path):
    unit().save(path)
    path.write_text(path.read_text().replace("-1.0", "-1.5"))
    with pytest.raises(FileMismatch, match=r"^p\.json: the numbers are not those of its checksum"):
        Program.load(path)


def test_a_large_file_of_something_else_is_refused_unread(path, monkeypatch):
    monkeypatch.setattr(json_file, "MOST", 1000)
    path.write_text("[" + "[]," * 10**6)
    with pytest.raises(FileMismatch, match=r"^p\.json: not a microbp program$"):
        Program.load(path)
    path.write_text(json.dumps(changed(inputs=["x"] * 1000)))
    with pytest.raises(FileMismatch, match="expected at most 1,000 bytes, got more"):
        Program.load(path)
    x = Value(0.0, "x" * 1000)
    with pytest.raises(ValueError, match="where load reads at most 1,000"):
        record(x * x, inputs=[x]).save(path)


def test_what_is_kept_in_memory_is_in_proportion_to_the_file(path):
    import tracemalloc

    rows = 20_000
    state = changed(operations=[["mul", [i + 1, 0]] for i in range(rows)], outputs=[rows + 1])
    path.write_text(json.dumps(state))
    size = path.stat().st_size
    tracemalloc.start()
    json_file.load(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * size
