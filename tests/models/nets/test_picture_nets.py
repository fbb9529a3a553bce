import numpy as np
import pytest
import torch

from bakeoff.models.nets.cnn import Cnn
from bakeoff.models.nets.convolution import Convolution
from bakeoff.models.nets.pixels import PixelScale
from bakeoff.models.nets.resnet import ResidualBlock, ResNet
from bakeoff.models.nets.vit import AttentionLayer, Vit, patch_side
from bakeoff.training.seeds import seeded

SIDES = (8, 9, 12, 16, 28, 31, 32, 33, 40, 41, 64)
NETS = (Cnn, ResNet, Vit)


def pictures(n, side, channels=3):
    with seeded(0, "pictures"):
        return torch.rand(n, channels, side, side)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("net", NETS)
def test_every_side_from_8_to_64_gives_one_row_of_outputs_a_picture(net, side):
    assert net(5, side=side, channels=6)(pictures(2, side, 6)).shape == (2, 5)


@pytest.mark.parametrize("net", NETS)
def test_a_picture_learns_the_same_in_any_company(net):
    # What lets a batch hold one row, or be cut in two for want of memory.
    with seeded(0, "net"):
        made = net(3, side=12, dropout=0.0).train()
    batch = pictures(4, 12)
    together = made(batch)
    alone = torch.cat([made(picture[None]) for picture in batch])
    torch.testing.assert_close(alone, together, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("net", NETS)
def test_every_weight_gets_a_gradient(net):
    made = net(3, side=16)
    with torch.no_grad():
        for module in made.modules():
            if isinstance(module, torch.nn.GroupNorm):
                module.weight.fill_(1.0)  # corrections of a fresh residual net are all zero
    made(pictures(3, 16)).square().sum().backward()
    assert [name for name, weight in made.named_parameters() if not weight.grad.any()] == []


@pytest.mark.parametrize("net", NETS)
def test_large_pictures_cost_about_as_much_as_small_ones(net):
    from torch.utils.flop_counter import FlopCounterMode

    work = []
    for side in (32, 64):
        with torch.inference_mode(), FlopCounterMode(display=False) as counter:
            net(10, side=side)(pictures(1, side))
        work.append(counter.get_total_flops())
    assert work[1] < 1.4 * work[0]


def test_the_scale_brings_channels_to_mean_0_and_deviation_1():
    rng = np.random.default_rng(0)
    values = rng.integers(0, [[[100]], [[200]]], (50, 2, 9, 9)).astype(np.uint8)
    scale = PixelScale(2)
    scale.fit(values)
    scaled = scale(torch.from_numpy(values).float() / 255)
    torch.testing.assert_close(scaled.mean(dim=(0, 2, 3)), torch.zeros(2), atol=1e-5, rtol=0)
    torch.testing.assert_close(scaled.std(dim=(0, 2, 3)), torch.ones(2), atol=1e-3, rtol=0)


def test_pictures_without_any_difference_are_scaled_to_zero():
    scale = PixelScale(1)
    scale.fit(np.full((3, 1, 8, 8), 7, dtype=np.uint8))
    assert scale(torch.full((1, 1, 8, 8), 7 / 255)).abs().max() < 1e-6


@pytest.mark.parametrize(("filters", "groups"), [(8, 1), (16, 1), (24, 3), (32, 2), (128, 8)])
def test_a_group_holds_16_filters_where_they_can_be_shared_so(filters, groups):
    assert Convolution(3, filters).norm.num_groups == groups


def test_a_convolution_gives_each_group_of_each_picture_mean_0_and_deviation_1():
    found = Convolution(3, 32)(7 + 5 * pictures(2, 8)).view(2, 2, 16 * 8 * 8)
    torch.testing.assert_close(found.mean(dim=2), torch.zeros(2, 2), atol=1e-5, rtol=0)
    torch.testing.assert_close(found.std(dim=2), torch.ones(2, 2), atol=1e-2, rtol=0)


def test_a_filter_is_blind_to_its_own_mean_and_length():
    layer, maps = Convolution(2, 16), pictures(1, 8, 2)
    before = layer(maps)
    with torch.no_grad():
        layer.filters.mul_(3).add_(1)
    torch.testing.assert_close(layer(maps), before, atol=1e-3, rtol=0)


def test_small_pictures_are_halved_less_often():
    assert [len(Cnn(2, side=side).blocks) for side in (8, 12, 16, 32, 64)] == [2, 2, 3, 3, 3]


def test_the_residual_net_of_20_layers_is_as_large_as_in_the_paper():
    net = ResNet(10, side=32, filters=16, blocks=3)
    found = [module for module in net.modules() if isinstance(module, Convolution)]
    layers = [each for each in found if each.filters.shape[2] == 3]
    assert len(layers) + 1 == 20  # and the linear one
    count = sum(weight.numel() for weight in net.parameters())
    assert round(count / 1e6, 2) == 0.27  # table 6


def test_a_fresh_residual_block_hands_on_what_it_gets():
    maps = torch.rand(2, 16, 8, 8)
    torch.testing.assert_close(ResidualBlock(16, 16)(maps), maps)


@pytest.mark.parametrize(("side", "patch"), [(8, 2), (12, 2), (16, 2), (28, 4), (32, 4), (64, 8)])
def test_patches_grow_with_the_side(side, patch):
    assert patch_side(side) == patch


def test_patches_are_cut_row_by_row():
    net = Vit(2, side=8, channels=2)
    values = torch.arange(2 * 8 * 8).view(1, 2, 8, 8).float()
    patches = net.patches(values)
    assert patches.shape == (1, 16, 2 * 2 * 2)
    torch.testing.assert_close(patches[0, 5], values[0, :, 2:4, 2:4].reshape(-1))


def test_attention_is_the_mean_of_values_weighted_by_the_softmax_of_products():
    with seeded(0, "attention"):
        layer = AttentionLayer(4, heads=2, dropout=0.0)
        vectors = torch.randn(1, 3, 4)
    query, key, value = layer.ask_offer_tell(vectors)[0].chunk(3, dim=1)
    heads = [
        torch.softmax(query[:, part] @ key[:, part].T / 2**0.5, dim=1) @ value[:, part]
        for part in (slice(0, 2), slice(2, 4))
    ]
    wanted = layer.gathered(torch.cat(heads, dim=1))
    torch.testing.assert_close(layer.attend(vectors)[0], wanted)


def test_a_patch_is_told_apart_by_where_it_stands():
    with seeded(0, "positions"):
        net = Vit(2, side=8).eval()
        with torch.no_grad():
            net.position.normal_()
    picture = pictures(1, 8)
    moved = picture.roll(4, dims=3)
    assert (net(picture) - net(moved)).abs().max() > 1e-3
