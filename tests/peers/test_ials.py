"""iALS solves its normal equations exactly, side by side, and the same bytes everywhere."""

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from peers.drawn import IALS, interactions

from recommender.errors import RecommenderError
from recommender.files.factors import Factors
from recommender.peers import _native
from recommender.peers.ials import ials_epochs
from recommender.settings.peers import IalsSettings

Doubles = NDArray[np.float64]


def models(train: sp.csr_matrix, settings: IalsSettings, threads: int = 1, kind: str | None = None) -> list[Factors]:
    return [epoch.model() for epoch in ials_epochs(train, settings, threads, kind)]


def changed(**values: object) -> IalsSettings:
    return IalsSettings.model_validate(IALS.model_dump() | values)


def solved(owned: Doubles, others: Doubles, settings: IalsSettings) -> Doubles:
    weight = settings.unobserved_weight
    rows = np.zeros((len(owned), others.shape[1]))
    for row, has in enumerate(owned):
        penalty = settings.l2 * (has.sum() + weight * owned.shape[1]) ** settings.exponent
        matrix = others.T @ (has[:, None] * others) + weight * others.T @ others + penalty * np.eye(others.shape[1])
        rows[row] = np.linalg.solve(matrix, others.T @ has)
    return rows


@pytest.mark.parametrize("no_components", [1, 5, 16, 33])
def test_each_side_is_the_solution_of_its_normal_equations(no_components: int) -> None:
    settings = changed(no_components=no_components)
    train = interactions(50, 90, seed=2)
    owned = (train.toarray() > 0).astype(np.float64)
    first, second = models(train, settings)
    users = solved(owned, first.item_embeddings.astype(np.float64), settings)
    assert second.user_embeddings == pytest.approx(users, abs=1e-5)
    items = solved(owned.T, second.user_embeddings.astype(np.float64), settings)
    assert second.item_embeddings == pytest.approx(items, abs=1e-5)
    assert not second.user_biases.any()
    assert not second.item_biases.any()


def loss(owned: Doubles, model: Factors, settings: IalsSettings) -> float:
    users, items = model.user_embeddings.astype(np.float64), model.item_embeddings.astype(np.float64)
    scores, weight = users @ items.T, settings.unobserved_weight
    total = (owned * (scores - 1) ** 2).sum() + weight * (scores**2).sum()
    for rows, counts, others in ((users, owned.sum(axis=1), len(items)), (items, owned.sum(axis=0), len(users))):
        total += settings.l2 * ((counts + weight * others) ** settings.exponent * (rows**2).sum(axis=1)).sum()
    return float(total)


def test_the_loss_falls_in_every_epoch_but_for_rounding() -> None:
    train = interactions(50, 40, seed=2)
    owned = (train.toarray() > 0).astype(np.float64)
    losses = [loss(owned, model, IALS) for model in models(train, changed(epochs=12))]
    assert losses[-1] < 0.99 * losses[0]
    assert (np.diff(losses) < 1e-6 * losses[0]).all()


def test_threads_and_instruction_sets_cannot_change_a_byte() -> None:
    train, settings = interactions(70, 60, seed=4), changed(no_components=24)
    expected = models(train, settings, 1, "baseline")[-1]
    for threads in (1, 2, 3, 5):
        for kind in _native.instruction_sets():
            found = models(train, settings, threads, kind)[-1]
            assert found.user_embeddings.tobytes() == expected.user_embeddings.tobytes(), (threads, kind)
            assert found.item_embeddings.tobytes() == expected.item_embeddings.tobytes(), (threads, kind)


def test_the_epochs_are_numbered_and_the_seed_counts() -> None:
    train = interactions(20, 30, seed=5)
    epochs = list(ials_epochs(train, IALS))
    assert [epoch.number for epoch in epochs] == [1, 2]
    assert {epoch.examples for epoch in epochs} == {int((train.data > 0).sum())}
    assert epochs[0].figures.keys() == {"examples/s"}
    one, other = (models(train, changed(random_state=seed))[-1] for seed in (3, 4))
    assert one.item_embeddings.tobytes() != other.item_embeddings.tobytes()


def test_whoever_has_nothing_is_zero() -> None:
    train = sp.csr_matrix(np.array([[1, 0, 1], [0, 0, 0], [-1, 0, 1]], dtype=np.float32))
    model = models(train, IALS)[-1]
    assert not model.user_embeddings[1].any()
    assert not model.item_embeddings[1].any()
    assert model.user_embeddings[2].any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (4, 1), (3, 5)])
@pytest.mark.parametrize("value", [0, 1])
def test_the_smallest_and_the_plainest_data_can_be_solved(shape: tuple[int, int], value: float) -> None:
    assert models(sp.csr_matrix(np.full(shape, value, dtype=np.float32)), IALS)[-1].shape == shape


def test_a_penalty_too_small_to_solve_is_one_line() -> None:
    tiny = changed(l2=1e-300, unobserved_weight=1e-300, exponent=0)
    with pytest.raises(RecommenderError, match=r"^iALS cannot be solved .* raise peers.ials.l2, which is 1e-300$"):
        models(sp.csr_matrix(np.eye(3, dtype=np.float32)), tiny)
