from . import common, test_groups
