"""The one exception that a person is meant to read."""


class RecommenderError(Exception):
    """A mistake that a user can mend: its text is one line (or a short list) that says what, where and what to do.

    The command line and the stages print it without a traceback and exit with 1.
    """
