"""Choices and states of program changes and their tests. No model is in here."""

KINDS = [
    ("bug", "Software Bug"),
    ("need", "New Need"),
    ("change", "Change"),
]
OPINIONS = [
    ("satisfied", "Satisfied"),
    ("partly", "Partly Satisfied"),
    ("unsatisfied", "Not Satisfied"),
]
CHANNELS = [
    ("portal", "Customer Portal"),
    ("phone", "Telephone"),
    ("paper", "On Paper"),
    ("mail", "E-mail"),
    ("on_site", "On Site"),
]
# states in which the promised date is still owed; with the next one, those on the developers' board
PROMISED = ("approved", "development", "testing", "deploying")
BOARD = (*PROMISED, "done")
MAX_TITLE = 200
RESULTS = [("pass", "Passed"), ("fail", "Not Passed")]
