"""The names of the columns of the clean tables, each written once."""

USER_ID = "user_id"
PROGRAM_ID = "program_id"
TITLE = "title"
INTERACTION = "interaction"
TIMESTAMP = "timestamp"
RANK = "rank"
SCORE = "score"
