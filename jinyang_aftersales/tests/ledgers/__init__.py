from . import test_ledgers
