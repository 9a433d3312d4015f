from . import test_ledgers, test_takeover
