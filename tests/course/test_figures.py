"""The figures in the solutions of exercises that change a net."""

import pytest

from microbp.core import engine
from microbp.course import solution
from microbp.experiments.nature1986 import symmetry
from tests.course.test_judges import around, code_of, source

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(engine.name == "python", reason="trains for minutes in plain Python"),
]


def test_another_step_size():
    found = {
        lr: symmetry.run.study(range(20), sweeps=1000, lr=lr, jobs=1, progress=False)
        for lr in (0.02, 0.03, 0.04, 0.05)
    }
    solved = {lr: study.solved_by(1000).number for lr, study in found.items()}
    assert solved == {0.02: 1, 0.03: 14, 0.04: 17, 0.05: 16}
    assert "17 of 20, where 0.05 finds 16" in solution("05.4")


def test_without_the_narrow_place():
    names = dict(around("06"))
    exec(source("06", "train-any").replace("CASES", "family_data.CASES"), names)
    exec(code_of("06.4"), names)
    right = {
        name: sum(names["right_of_four"](make_net, seed) for seed in range(20))
        for name, make_net in [
            ("wide", names["wide_net"]),
            ("paper's", names["family_trees"].family_net),
        ]
    }
    assert right == {"wide": 29, "paper's": 48}
    assert "29 of 80" in solution("06.4")


def test_without_the_places_or_attention():
    names = around.__wrapped__("10b")  # its functions look their names up in this very dict
    exec("import numpy as np\nfrom microbp.optim import Adam", names)
    exec(code_of("10b.2"), names)
    attention = 'x = plus(x, layer(block["mix"], looked_up))'
    without = source("10b", "gpt-code")
    assert attention in without
    exec(without.replace(attention, "pass").replace("def gpt", "def without_attention"), names)
    kept = {}
    for net in ("without_place", "without_attention"):
        exec("rng = random.Random(3)\nembedding = matrix(len(TOKENS), WIDTH)", names)
        exec(without.partition("\n\n\n")[0].partition("\n")[2], names)
        train = f"train({net}, all_weights(embedding, *block.values()))"
        exec(f"{train}\nkept = report(write_many({net}))", names)
        kept[net] = names["kept"]
    assert kept["without_place"] > 0.95
    assert kept["without_attention"] < 0.45
