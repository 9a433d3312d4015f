"""Prints the tests of a job of setup/test: ``choose.py JOB WORD ...``, a line for each file or class.

WORDs are the arguments of setup/test. If files of tests are among them, only these are chosen. With ``-k`` files whose
text cannot match are left out, so that no job starts without tests. ``tests.toml`` assigns tests to jobs.
"""

import fnmatch
import re
import subprocess
import sys
from pathlib import Path

import tomllib

REPO = Path(__file__).resolve().parents[2]
ADDONS = {"core": "jinyang_aftersales", "penalty": "jinyang_aftersales_penalty"}
PLAN = tomllib.loads(Path(__file__).with_name("tests.toml").read_text("utf-8"))


def files_of(folder):
    """:return: path of each file of tests below a folder, by its name"""
    return {path.stem: path for path in sorted((REPO / folder).rglob("test_*.py"))}


def pick(files, patterns):
    """Choose by patterns of ``tests.toml``.

    :return: path of each file that matches, with the class when the pattern has one
    :raises SystemExit: when a pattern matches no file, because its test was moved or renamed
    """
    picked = []
    for pattern in patterns:
        name, _, test = pattern.partition("::")
        found = fnmatch.filter(files, name)
        if not found:
            sys.exit(f"setup/lib/tests.toml names no test: {pattern}")
        picked += [f"{files[one]}::{test}" if test else str(files[one]) for one in found]
    return picked


def subject_of(path):
    """:return: subject of a file of tests: its folder below tests/, else the first word of its name"""
    folder = path.parent.name
    return path.stem.split("_")[1] if folder == "tests" else folder


def changed_words():
    """:return: words in the paths of files that differ from the main branch, by addon"""

    def git(*words):
        command = ["git", "-c", "safe.directory=*", "-C", str(REPO), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    base = git("merge-base", "HEAD", "origin/main") or git("merge-base", "HEAD", "main") or "HEAD"
    paths = git("diff", "--name-only", base.strip()) + git("ls-files", "-o", "--exclude-standard")
    words = {addon: set() for addon in ADDONS.values()}
    for path in paths.splitlines():
        addon, _, rest = path.partition("/")
        if addon in words:
            words[addon] |= set(re.findall(r"[a-z]+", rest))
    return words


def quick(job):
    """:return: tests of an addon that belong to a quick run"""
    never = PLAN["quick"]["never"]
    files = {name: path for name, path in files_of(ADDONS[job]).items() if name not in never}
    words = changed_words()[ADDONS[job]]
    whole = [str(path) for path in files.values() if subject_of(path) in words]
    for pattern in PLAN["quick"]["always"]:
        whole += [str(files[name]) for name in fnmatch.filter(files, pattern)]
    parts = [test for test in pick(files, PLAN["quick"][job]) if test.split("::")[0] not in whole]
    return sorted({*whole, *parts})


def choose(job):
    """:return: all tests of a job"""
    if job.startswith("quick_"):
        job = job.removeprefix("quick_")
        return quick(job) if job in ADDONS else []
    if job == "system":
        return [str(path) for path in files_of("tests").values()]
    part = job.removesuffix("_full")
    files = files_of(ADDONS[part])
    everything = [str(path) for path in files.values()]
    full = pick(files, PLAN["full"].get(part, []))
    if job == "core":
        return [path for path in everything if path not in full]
    return full if job == "core_full" else everything


def narrow(chosen, words):
    """:return: the chosen tests that are among the named files, or can match the words of ``-k``"""
    named = [word.partition("::") for word in words if re.search(r"\.py(::|$)", word)]
    if named:
        named = [(str(Path(path).resolve()), rest) for path, *rest in named]
        return [path + "".join(rest) for path, rest in named if path in chosen]
    if "-k" not in words:
        return chosen
    expression = words[words.index("-k") + 1].lower()
    terms = set(re.findall(r"\w+", expression)) - {"and", "or"}
    if "not" in terms:
        return chosen
    return [test for test in chosen if any(term in _text(test) for term in terms)]


def _text(test):
    path = test.partition("::")[0]
    return (path + Path(path).read_text("utf-8")).lower()


def check():
    """Refuse a ``tests.toml`` that is out of date.

    :raises SystemExit: when it names missing files, or a subject has no test in the quick run
    """
    for addon, folder in ADDONS.items():
        files = files_of(folder)
        pick(files, PLAN["full"].get(addon, []))
        picked = {test.partition("::")[0] for test in pick(files, PLAN["quick"][addon])}
        named = {subject_of(path) for path in files.values() if str(path) in picked}
        missing = {subject_of(path) for path in files.values()} - named
        if missing:
            sys.exit(f"setup/lib/tests.toml has no quick test of {addon}: {', '.join(missing)}")


if __name__ == "__main__":
    check()
    for test in narrow(choose(sys.argv[1]), sys.argv[2:]):
        print(test)
