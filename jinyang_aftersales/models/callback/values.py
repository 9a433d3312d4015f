"""Choices and scores of call-backs. No model is in here."""

RESULTS = [("reached", "Reached"), ("unreachable", "Unreachable")]
# 五.5.1: attitude, skill, result; 四 总监.10: the software
SCORES = ("score_attitude", "score_skill", "score_result", "score_software")
SCORED_KINDS = ("visit", "change", "complaint", "routine")
TITLE_LENGTH = 80
OUTCOMES = [
    ("waiting", "Waiting for the Manager"),
    ("assigned", "Assigned"),
    ("verifying", "Second Call to Make"),
    ("solved", "Solved"),
    ("unsolved", "Still Unsolved"),
    ("unverified", "Second Call Cancelled"),
]
