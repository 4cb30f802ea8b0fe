"""The table of every user's metrics under every model."""

import numpy as np
import pyarrow as pa

from recommender.evaluation.evaluate_models import Evaluation
from recommender.files.columns import MODEL, USER_ID


def per_user_table(evaluation: Evaluation, user_ids: list[str]) -> pa.Table:
    """Make a row for each model and user, and a float32 column for each metric.

    Parameters
    ----------
    evaluation
        What was measured.
    user_ids
        Shape (m,): the ids of the task's users.
    """
    parts = [
        pa.table(
            {MODEL: pa.repeat(name, len(user_ids)), USER_ID: user_ids}
            | {metric: values.astype(np.float32) for metric, values in found.per_user.items()}
        )
        for name, found in evaluation.measured.items()
    ]
    return pa.concat_tables(parts)
