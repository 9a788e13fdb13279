"""The words of a question: how they are told apart, and how text that has them, or nearly has them, is recognised."""

import re
import string

# What stands between words, in questions and in what is searched; the database's triggers replace each by a space.
SEPARATORS = string.punctuation + "\t\r\n\u00a0"
SPACES = str.maketrans(SEPARATORS, " " * len(SEPARATORS))
MOST_WORDS = 10
LONGEST_WORD = 60
# Shorter words, and those with digits, which name things, are taken as they are written.
SHORTEST_WITH_SLIP = 5
SHORTEST_PIECE = 3
ANY = "[^ ]"


def cleaned(text: str) -> str:
    """The text as the index has it: separators are spaces, and the whole stands between two."""
    return f" {text.translate(SPACES)} "


def words_of(question: str) -> list[str]:
    """The words asked for, without repetitions."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in cleaned(question).casefold().split()))[:MOST_WORDS]


def may_slip(word: str) -> bool:
    """The word is long enough for one slip of the finger: a letter wrong, missing, too many, or two exchanged."""
    return len(word) >= SHORTEST_WITH_SLIP and word.isalpha()


def exchanged(word: str) -> list[str]:
    """The word with two neighbouring letters exchanged, each pair in its turn."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1) if word[at] != word[at + 1]]


def pattern(word: str) -> str:
    """A regular expression, of the kind that both databases and Python read, for words that begin with this one or nearly do."""
    found = [word]
    if may_slip(word):
        found += [f"{word[:at]}{ANY}?{word[at + 1 :]}" for at in range(len(word))]
        found += [f"{word[:at]}{ANY}{word[at:]}" for at in range(len(word))]
        found += exchanged(word)
    return f" ({'|'.join(found)})"


def recogniser(word: str) -> "re.Pattern[str]":
    """The pattern, for texts at hand."""
    return re.compile(pattern(word), re.IGNORECASE)


def trigram_question(words: list[str]) -> str:
    """What a trigram index is asked for texts that may have all the words; empty where they are too short to be asked for.

    A slip leaves what stands before and after it whole, so an index of trigrams can tell which texts come into question.
    """
    return " AND ".join(f"({' OR '.join(choices)})" for choices in map(choices_for, words) if choices)


def choices_for(word: str) -> list[str]:
    """What texts have, one or the other, that have the word or nearly have it."""
    found = [f" {word}"] if len(word) + 1 >= SHORTEST_PIECE else []
    choices = [quoted(piece) for piece in found]
    if may_slip(word):
        for at in range(len(word)):
            pieces = [piece for piece in (f" {word[:at]}", word[at + 1 :]) if len(piece) >= SHORTEST_PIECE]
            choices.append(f"({' AND '.join(map(quoted, pieces))})")
        choices += [quoted(f" {other}") for other in exchanged(word)]
    return choices


def quoted(piece: str) -> str:
    """A piece of text within a question."""
    return f'"{piece}"'
