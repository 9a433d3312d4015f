from . import test_takeover, test_takeover_ledgers, test_takeover_silence
