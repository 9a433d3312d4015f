from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from ..visit import visit_common
from . import windows_common

CORE = "jinyang_aftersales"
REGISTER = "a register: one looks up a customer in it"
LOG = "a log, the newest entry first"
WORKLIST = "the menu itself is this choice; all of them have a menu of their own"
UNORDERED = {
    "aftersales_holiday_year_action": "few rows, the newest year first",
    "aftersales_installation_action": REGISTER,
    "aftersales_review_look_action": LOG,
    "aftersales_suggestion_action_mine": "the few of one person, the newest first",
    "aftersales_takeover_action": LOG,
    "res_partner_action_service": REGISTER,
}
CONFINED = {
    "account_move_action_due": WORKLIST,
    "account_move_action_late": WORKLIST,
    "aftersales_callback_action_escalated": WORKLIST,
    "aftersales_change_request_action_board": WORKLIST,
    "aftersales_change_request_action_workload": WORKLIST,
    "aftersales_intake_request_action": "other rows only hold back a form that is sent twice",
    "aftersales_regulation_action_mine": "drafts are not for employees",
    "aftersales_suggestion_action": "drafts are those of their authors only",
    "contract_contract_action_to_invoice": WORKLIST,
}


@tagged("post_install", "-at_install")
class TestWindows(windows_common.WindowChecks):
    """Section 5: lists begin with what is to do today, and each filter can be taken away."""

    addon = CORE
    unordered = UNORDERED
    confined = CONFINED

    def test_every_list_of_documents_begins_with_what_is_to_do(self):
        self.check_something_comes_first()

    def test_default_filters_can_be_taken_away(self):
        self.check_filters_can_be_taken_away()

    def test_filters_exist_and_can_be_searched(self):
        self.check_filters_work()


@tagged("post_install", "-at_install")
class TestFirstSight(windows_common.WindowChecks, visit_common.VisitCommon):
    """Section 5: which records the menus show first."""

    addon = CORE

    def show(self, name, records):
        """:return: those of some records that a window shows to the specialist, in its order"""
        window = self.windows[name if "." in name else f"{CORE}.{name}"]
        found = self.find_first(window.with_user(self.specialist).sudo())
        return found.filtered(lambda record: record in records)

    def test_visits_from_today_on_and_those_that_are_late(self):
        over = self.tomorrow - timedelta(days=9)
        late = self.make_visit(state="approved")
        late._write_unlocked(
            {"date_planned_start": over, "date_planned_end": over + timedelta(hours=2)}
        )
        done = self.make_visit()
        done._write_unlocked(
            {
                "state": "done",
                "date_planned_start": over,
                "date_planned_end": over + timedelta(hours=2),
            }
        )
        later = self.make_visit(start=self.tomorrow + timedelta(days=3))
        soon = self.make_visit()
        refused = self.make_visit(state="refused")
        visits = late + done + later + soon + refused
        for name in ("aftersales_visit_action", "aftersales_visit_action_my"):
            found = self.show(name, visits)
            self.assertEqual(found.ids, (late + soon + later).ids, name)

    def test_tickets_that_are_not_closed_the_urgent_and_the_newest_first(self):
        old, urgent, new, closed = self.env["helpdesk.ticket"].create(
            [
                {
                    "name": name,
                    "description": name,
                    "company_id": self.company.id,
                    "user_id": self.specialist.id,
                    "priority": "3" if name == "urgent" else "1",
                }
                for name in ("old", "urgent", "new", "closed")
            ]
        )
        closed.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        tickets = old + urgent + new + closed
        for name in ("helpdesk_ticket_action", "helpdesk_my_tickets_action"):
            found = self.show(f"helpdesk_mgmt.{name}", tickets)
            self.assertEqual(found.ids, (urgent + new + old).ids, name)

    def test_agreements_by_their_end_without_those_that_are_over(self):
        today = self.company._aftersales_today()
        agreements = self.env["contract.contract"]
        for months in (6, 1, -2, -5):
            end = today + relativedelta(months=months)
            installation = self.make_installation(end=end)
            start = end - relativedelta(years=1) + timedelta(days=1)
            agreements += self.make_agreement(installation, start=start, end=end)
        agreements._write_unlocked({"agreement_stage": "signed"})
        later, soon, ended, over = agreements
        found = self.show("contract_contract_action_agreement", agreements)
        self.assertEqual(found.ids, (ended + soon + later).ids)
        self.assertNotIn(over, found)
