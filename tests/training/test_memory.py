"""Work in halves where memory is short."""

import numpy as np
import pytest
import torch

from bakeoff.core.errors import ContenderError
from bakeoff.training.memory import in_pieces, is_out_of_memory

CPU = torch.device("cpu")


def test_every_position_is_done_once_in_pieces_that_fit():
    done = []

    def work(positions):
        if len(positions) > 3:
            raise MemoryError
        done.append(positions)

    in_pieces(work, np.arange(10), CPU)
    assert np.concatenate(done).tolist() == list(range(10))
    assert max(map(len, done)) <= 3


def test_a_single_row_that_does_not_fit_is_an_error():
    def work(positions):
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(ContenderError, match="even one row"):
        in_pieces(work, np.arange(4), CPU)


def test_the_allocator_of_this_machine_is_understood():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60)
    assert is_out_of_memory(caught.value)
    assert not is_out_of_memory(ValueError("out of memory"))
