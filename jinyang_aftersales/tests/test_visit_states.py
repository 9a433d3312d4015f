from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitStates(VisitCommon):
    def test_smoke(self):
        visit = self.make_visit(state="feedback")
        self.assertTrue(visit.signature_valid)
        self.assertTrue(visit.ticket_id)
        self.assertTrue(visit.calendar_event_id)
