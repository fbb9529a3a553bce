"""The contract is run over a prompted model, with a server that answers by the letters it sees."""

import json
import re
import zlib

import pytest

from bakeoff.contenders.prompted import nearest
from bakeoff.contenders.registry import make_contender
from bakeoff.testing.check import NotTestableError
from bakeoff.testing.contenders.bench import Bench, contender_check
from bakeoff.testing.replay_server import ReplayServer, message_text

CLASS = re.compile(r"^- (\".*\")$", re.MULTILINE)


def by_the_letters(messages):
    """Answer as a model does that has its own mind: the same row, the same class or number."""
    names = [json.loads(name) for name in CLASS.findall(message_text(messages[0]))]
    number = zlib.crc32(message_text(messages[-1]).encode())
    return names[number % len(names)] if names else str(number % 11)


FEW = "@wording=described@choice_rows=2@repeat_rows=1@concurrency=2"
KINDS = {"": ("text", "text pair", "table"), "@shots=2@draw=nearest": ("text",)}


@pytest.fixture(scope="module", params=KINDS, ids=lambda settings: settings or "plain")
def bench(request):
    with ReplayServer(by_the_letters) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearest, "why_not", lambda asked: "no test waits for a net")
        contender = make_contender(f"llm{FEW}{request.param}:replay@{server.base_url}")
        yield Bench(contender, KINDS[request.param])


@pytest.mark.parametrize("check", contender_check.all(), ids=lambda check: check.name)
def test_the_contract_is_kept(check, bench):
    try:
        check.run(bench)
    except NotTestableError as reason:
        pytest.skip(str(reason))
