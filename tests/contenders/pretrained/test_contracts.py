"""What contenders on frozen encoders keep, checked with tiny random ones."""

import pytest

from bakeoff.testing import check_contender


@pytest.mark.parametrize(
    ("spec", "architecture"),
    [
        ("encoder-frozen", "bert"),
        ("encoder-frozen", "vit"),
        ("encoder-static", "bert"),
        ("encoder-zeroshot", "bert"),
    ],
)
def test_the_contract_is_kept(spec, architecture, tiny):
    results = check_contender(f"{spec}:{tiny(architecture)}")
    assert "passed" in results.values()
