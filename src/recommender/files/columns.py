"""Column names of the project's tables, each written once."""

USER_ID = "user_id"
PROGRAM_ID = "program_id"
TITLE = "title"
INTERACTION = "interaction"
TIMESTAMP = "timestamp"
SPLIT = "split"
RANK = "rank"
SCORE = "score"
MODEL = "model"

TRAIN, TEST = "train", "test"
"""The values of the column `SPLIT`."""
