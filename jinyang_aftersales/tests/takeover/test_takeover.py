from odoo.tests import tagged

from .takeover_common import TakeoverCommon


@tagged("post_install", "-at_install")
class TestTakeover(TakeoverCommon):
    """What an import does with each cell, and what it refuses."""

    def test_a_specialist_imports_nothing(self):
        pass
