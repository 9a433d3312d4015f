"""Compares the messages of OCA's check on merging classes (standard input) with the list of exceptions (argument)."""

import re
import sys

MOST = 30

with open(sys.argv[1], encoding="utf-8") as file:
    lines = [line for line in file.read().splitlines() if line and not line.startswith("#")]
listed = {model for model, reason in (line.split(": ", 1) for line in lines) if reason}
found = set(re.findall(r'classes inherited to "([\w.]+)"', sys.stdin.read()))
for model in sorted(found - listed):
    print(f"{model}: merge its classes, or give the reason in {sys.argv[1]}")
for model in sorted(listed - found):
    print(f"{model}: is no exception any more, take it out of {sys.argv[1]}")
if len(listed) > MOST:
    print(f"{len(listed)} exceptions, at most {MOST} are meant")
sys.exit(found != listed or len(listed) > MOST)
