"""The fields of study: the names of their programs, and the tags that describe them."""

FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Technology": (
        (
            "Computer Science", "Data Science", "Software Engineering", "Robotics", "Electrical Engineering",
            "Artificial Intelligence", "Mechanical Engineering", "Cyber Security", "Civil Engineering", "Games",
        ),
        ("programming", "algorithms", "machines", "electronics", "networks", "logic", "construction"),
    ),
    "Life": (
        (
            "Biology", "Medicine", "Genetics", "Nursing", "Neuroscience",
            "Marine Biology", "Pharmacy", "Public Health", "Biochemistry", "Physiotherapy",
        ),
        ("genetics", "cells", "health", "ecology", "laboratory", "anatomy", "care"),
    ),
    "Arts": (
        (
            "Graphic Design", "Architecture", "Fine Arts", "Music", "Film Studies",
            "Landscape Architecture", "Theatre", "Fashion Design", "Photography", "Dance",
        ),
        ("drawing", "colour", "space", "typography", "stage", "composition", "cinema"),
    ),
    "Society": (
        (
            "Law", "Economics", "Business Administration", "Political Science", "Marketing",
            "Sociology", "International Relations", "Accounting", "Social Work", "Journalism",
        ),
        ("justice", "markets", "finance", "politics", "policy", "debate", "leadership"),
    ),
    "Ideas": (
        (
            "History", "Philosophy", "Mathematics", "Physics", "Linguistics",
            "Comparative Literature", "Astronomy", "Archaeology", "Chemistry", "Religious Studies",
        ),
        ("reading", "proofs", "languages", "experiments", "archives", "writing", "stars"),
    ),
}  # fmt: skip
"""The programs and the tags of each field."""

FIRST_NAMES = (
    "Ada", "Amir", "Ana", "Björn", "Chen", "Dana", "Elif", "Emil", "Fatima", "Goran", "Hana", "Ines", "Ivan", "Jonas",
    "Kofi", "Lea", "Luca", "Maya", "Mila", "Nia", "Noah", "Olga", "Omar", "Priya", "Quentin", "Rosa", "Sami", "Tara",
    "Uma", "Viktor", "Wanda", "Yuki", "Zoë",
)  # fmt: skip
