"""Prints the share of the addons' Python code that is repeated, and the places; run by setup/measure.

A repeat is a run of six consecutive lines of code, compared without indentation; empty lines, comments, imports and
tests are not counted.
"""

import ast
from collections import defaultdict
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
ADDONS = ("jinyang_aftersales", "jinyang_aftersales_penalty")
RUN = 6


def code_of(path):
    """:return: number and text of each line of code of a file"""
    source = path.read_text("utf-8")
    imports = {
        number
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for number in range(node.lineno, node.end_lineno + 1)
    }
    return [
        (number, line)
        for number, line in enumerate(map(str.strip, source.splitlines()), 1)
        if line and not line.startswith("#") and number not in imports
    ]


def find():
    """:return: number of lines of code, and for each repeated run its files with their line numbers"""
    total, places = 0, defaultdict(list)
    for path in sorted(path for addon in ADDONS for path in (REPO / addon).rglob("*.py")):
        if "tests" in path.parts:
            continue
        lines = code_of(path)
        total += len(lines)
        for start in range(len(lines) - RUN + 1):
            numbers, texts = zip(*lines[start : start + RUN], strict=True)
            places[texts].append((path.relative_to(REPO), numbers))
    return total, [found for found in places.values() if len(found) > 1]


def main():
    """Print the share of lines that belong to a repeat, then each repeat with the first line of each place."""
    total, repeats = find()
    lines = {(path, number) for found in repeats for path, numbers in found for number in numbers}
    print(f"{len(lines) / total:.2%} of {total} lines of code stand in more than one place")
    before = set()
    for found in repeats:
        # A repeat of more than six lines is found as several runs, each one line later: print only the first.
        begins = {(path, numbers[0]) for path, numbers in found}
        if not begins & before:
            print("  ", " = ".join(f"{path}:{number}" for path, number in sorted(begins)))
        before = {(path, numbers[1]) for path, numbers in found}


if __name__ == "__main__":
    main()
