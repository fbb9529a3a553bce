"""The contract is run over a local language model with random weights."""

import pytest

pytest.importorskip("torch")

from bakeoff.contenders.registry import make_contender
from bakeoff.testing.check import NotTestableError
from bakeoff.testing.contenders.bench import Bench, contender_check


@pytest.fixture(scope="module", params=["@wording=plain@choice_rows=2@shots=1", ""])
def bench(request, make_causal, tmp_path_factory):
    folder = make_causal(tmp_path_factory.mktemp("causal"))
    contender = make_contender(f"hf-llm{request.param}:{folder}")
    return Bench(contender, ("text", "text pair", "table") if request.param else ("text",))


@pytest.mark.parametrize("check", contender_check.all(), ids=lambda check: check.name)
def test_the_contract_is_kept(check, bench):
    try:
        check.run(bench)
    except NotTestableError as reason:
        pytest.skip(str(reason))
