"""Expectations of files: each that is not met is a sentence in `problems`."""

import json

problems = []
counted = [0]


def check(good, what, actual, expected):
    counted[0] += 1
    if not good:
        problems.append(f"{what}: {json.dumps(actual)} (expected: {expected})")


def is_(what, actual, expected, why=""):
    check(actual == expected, what, actual, json.dumps(expected) + (f", {why}" if why else ""))


def within(what, actual, least, most, why):
    good = isinstance(actual, (int, float)) and not isinstance(actual, bool) and least <= actual <= most
    check(good, what, actual, f"{least} to {most}, {why}")
