"""Language models keep the contract, whatever they are made of."""

from __future__ import annotations

from bakeoff.testing.contract import parametrize_checks

SMALL = "@size=12@epochs=1@least_steps=20@learning_rate=0.02@context=32"


@parametrize_checks("byte-frequencies", "zlib-primed", "byte-ngram@order=4", "word-ngram")
def test_contract_of_counts(check):
    check()


@parametrize_checks(f"gru-lm{SMALL}@hidden=12", f"gpt{SMALL}@layers=1@heads=2")
def test_contract_of_nets(check):
    check()
