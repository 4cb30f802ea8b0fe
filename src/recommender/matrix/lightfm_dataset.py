"""LightFM's own id mapping, for notebooks."""

from collections.abc import Sequence

from lightfm.data import Dataset

from recommender.files.ids import IdMap


def lightfm_dataset(ids: IdMap, user_features: Sequence[str], program_features: Sequence[str]) -> Dataset:
    """Fit a plain `lightfm.data.Dataset`, whose mapping is that of `ids`.

    Parameters
    ----------
    ids
        The id mapping.
    user_features, program_features
        The names of the features behind the identity.
    """
    dataset = Dataset()
    dataset.fit(ids.user_ids, ids.program_ids, user_features, program_features)
    return dataset
