"""What each metric and word means, in a sentence for somebody who has never met it."""

from collections.abc import Iterable

METRICS = {
    "ndcg": (
        "How well a list is ordered: 1 if all that the user really chose stands at its top, 0 if nothing of "
        "it is listed; a hit far down counts less than one at the top."
    ),
    "precision": "The share of a list that the user really chose: 0.2 means two of ten.",
    "recall": "The share of what the user really chose that is in the list: 0.5 means that half of it was found.",
    "capped_recall": (
        "Recall for short lists: a list that is full of hits counts as 1, even if the user chose more than fits."
    ),
    "hit_rate": "The share of users with at least one hit in their list.",
    "map": "Precision, averaged over the places of the hits: like NDCG, it rewards hits at the top.",
    "mrr": "How far up the first hit stands: 1 at the first place, 0.5 at the second, 0.33 at the third.",
    "auc": (
        "The chance that something the user chose is ranked above something the user did not choose; 0.5 is a"
        " coin toss."
    ),
    "novelty": "How little known the listed programs are: 1 more means known to half as many users.",
    "popularity": (
        "How many users already have the programs that are listed, on average: high if only hits are recommended."
    ),
    "coverage": "The share of the catalogue that is recommended to at least one user.",
    "gini": (
        "How unequally recommendations fall on programs: 0 if each is recommended equally often, near 1 if a "
        "few get all."
    ),
}
"""By the metric's name, without the length of the list."""

FAMILIES = {
    "lightfm": (
        "Learns a profile of each user and each program, so that what a user chose ranks above what the user did not."
    ),
    "history": "The same, but a user's profile is the sum of the profiles of what the user has.",
    "ease": "Learns for each program how much each other one speaks for it, in one calculation.",
    "ials": "Learns profiles of users and programs that explain who has what, in turns.",
    "item_knn": "Recommends the neighbours of what the user has: programs that the same users chose.",
    "rp3beta": (
        "Walks at random from the user's programs to other users and on to theirs, and favours the less popular."
    ),
    "popularity": "No model: the programs that most users have, the same for everybody.",
    "random": "No model: any programs. What does not beat it has learned nothing.",
}
"""By the name of the family, or of what it is compared with."""

WORDS = {
    "interaction": "A user and a program that belong together in the data: watched, bought, rated, enrolled.",
    "positive": "An interaction that counts as liked; which ones do is set by data.positive_threshold.",
    "hit": "A recommended program that the user really chose; it was hidden from the model, and then looked up.",
    "interval": (
        "Where the true value lies in all likelihood, had other users come by: wide if few were asked. Two "
        "intervals that overlap far are no sure difference."
    ),
    "beyond chance": "A difference that is larger than what luck with these users can explain.",
    "test": "The interactions that the model was not allowed to see, so that it can be asked to predict them.",
    "segment": "A group of users, here by how many programs they have.",
    "catalogue": "All programs in the data.",
    "epoch": "One pass of the training over all interactions.",
}


def metrics(names: Iterable[str]) -> dict[str, str]:
    """Explain the metrics among these names, such as ``ndcg@10``, in the order of the glossary."""
    wanted = {name.partition("@")[0] for name in names}
    return {name: text for name, text in METRICS.items() if name in wanted}
