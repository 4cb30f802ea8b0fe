"""The page for those who decide: what went in, how good the recommendations are, for whom, and what is recommended."""

import logging

# Where Matplotlib keeps its list of fonts, and that it makes one, is of no interest to whoever waits for a page.
logging.getLogger("matplotlib").setLevel(logging.ERROR)
