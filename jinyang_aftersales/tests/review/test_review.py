"""What looks evaded, in one list for managers (M07)."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...models.review.aftersales_review import STEP
from .review_common import NOW, ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestReview(ReviewCommon):
    """Today is Thursday, 12 March 2026."""

    # === Rows === #

    def test_corrected_kind_of_a_change_is_listed_m07(self):
        change = self.make_kind_change()
        self.make_change(state="submitted", kind="need")
        self.assertRecordValues(
            self.rows("change_kind"),
            [
                {
                    "res_model": change._name,
                    "res_id": change.id,
                    "document": f"{change.name} {change.title}",
                    "partner_id": self.customer.id,
                    "user_id": self.director.id,
                    "day": self.day("2026-03-12"),
                    "company_id": self.company.id,
                    "is_old": False,
                }
            ],
        )

    def test_project_past_its_end_is_listed_m07(self):
        for days in (0, 3):
            self.make_project(days)
            self.make_project(days)._write_unlocked({"state": "running"})
        self.assertFalse(self.rows("project"), "until their end")
        late = self.make_project()
        # M01: nobody escapes by not recording the begin
        self.assertEqual(self.rows("project").res_id, late.id)
        late._write_unlocked({"state": "running"})
        row = self.rows("project")
        self.assertEqual((row.res_id, row.user_id), (late.id, self.specialist))
        self.assertEqual(row.day, self.day("2026-03-09"))
        late._write_unlocked({"state": "finished"})
        self.assertFalse(self.rows("project"))

    def test_approved_visit_past_its_day_is_listed_m07(self):
        visit = self.make_visit()
        self.assertFalse(self.rows("unanswered"))
        visit._write_unlocked({"state": "approved"})
        row = self.rows("unanswered")
        self.assertEqual((row.res_id, row.user_id), (visit.id, self.specialist))
        visit._write_unlocked({"state": "on_site"})
        self.assertFalse(self.rows("unanswered"))

    def test_end_entered_late_is_listed_m07(self):
        project = self.make_project(-10)
        for day, listed in (("2026-03-05 02:00:00", False), ("2026-03-06 02:00:00", True)):
            # the project ended on 2 March, its three days on 5 March
            project._write_unlocked(
                {
                    "state": "finished",
                    "end_entered_on": day,
                    "end_entered_by_id": self.specialist.id,
                }
            )
            row = self.rows("late_end")
            self.assertEqual(row.mapped("res_id"), project.ids if listed else [])
        self.assertEqual((row.user_id, row.day), (self.specialist, self.day("2026-03-06")))

    def test_return_entered_late_is_listed_m07(self):
        visit = self.env["aftersales.visit"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id}
        )
        for day, listed in (("2026-03-11 15:30:00", False), ("2026-03-11 16:30:00", True)):
            visit._write_unlocked(
                {
                    "state": "done",
                    "record_due_date": "2026-03-11",
                    "return_entered_on": day,
                    "return_entered_by_id": self.specialist.id,
                }
            )
            row = self.rows("late_return")
            self.assertEqual(row.mapped("res_id"), visit.ids if listed else [])
        self.assertEqual(row.user_id, self.specialist)

    def test_what_was_before_the_rules_is_marked_m07(self):
        self.make_kind_change()
        self.company.sudo()._write_unlocked({"aftersales_duties_since": "2026-03-13"})
        self.assertTrue(self.rows("change_kind").is_old)

    # === Nothing was said === #

    def make_application(self):
        return (
            self.env["aftersales.application"]
            .with_user(self.specialist)
            .create(
                {
                    "kind": "data_clearing",
                    "partner_id": self.customer.id,
                    "contact_id": self.contact.id,
                    "description": "Orders of 2019",
                    "original_holder_id": self.specialist.id,
                    "company_id": self.company.id,
                }
            )
        )

    def test_request_that_went_on_without_its_original_is_listed_m07(self):
        """M07/M08: the day of hand-in begins with the receipt, which nobody records, or somebody takes back."""
        with freeze_time("2026-03-10 02:00:00"):
            application, waiting = self.make_application(), self.make_application()
            for document in (application, waiting):
                document.action_submit()
            application.with_user(self.manager).action_approve()
        self.assertFalse(self.rows("application_paper"))
        for document in (application, waiting):
            entry = document.sudo().archive_entry_ids
            entry.with_user(self.archivist).action_withdraw("Never came")
        row = self.rows("application_paper")
        self.assertEqual((row.res_id, row.user_id), (application.id, self.specialist))
        self.assertEqual(row.day, self.day("2026-03-10"))
        application.original_holder_id = self.specialist
        self.assertFalse(self.rows("application_paper"))
        with freeze_time("2026-03-10 02:00:00"):
            change = self.make_change(state="confirmed", kind="change")
            self.make_change(state="confirmed", kind="bug")
        change.sudo().archive_entry_ids._write_unlocked({"state": "withdrawn"})
        row = self.rows("change_paper")
        self.assertEqual((row.res_model, row.res_id), (change._name, change.id))

    def test_delay_announced_too_late_or_again_is_listed_m07(self):
        """M07: a deadline that is moved and moved is kept by nobody."""
        entry = self.env["aftersales.archive.entry"].create(
            {
                "kind": "appraisal",
                "document_name": "2026",
                "holder_id": self.specialist.id,
                "date_deadline": "2026-03-13",
                "company_id": self.company.id,
            }
        )
        theirs = entry.with_user(self.specialist)
        theirs.action_announce_delay("original_overdue", "2026-03-16", "ill")
        self.assertFalse(self.rows("delay"), "once, and in time")
        theirs.action_announce_delay("original_overdue", "2026-03-17", "still ill")
        row = self.rows("delay")
        self.assertEqual((row.res_model, row.res_id), (entry._name, entry.id))
        self.assertEqual((row.user_id, row.day), (self.specialist, self.day("2026-03-12")))
        self.assertIn("still ill", row.note)
        self.assertIn("2026-03-17", row.note)
        with freeze_time("2026-03-16 02:00:00"):
            late = entry.copy({"document_name": "2025", "date_deadline": "2026-03-13"})
            late.with_user(self.specialist).action_announce_delay(
                "original_overdue", "2026-03-23", "forgot it"
            )
            self.assertEqual(set(self.rows("delay").mapped("res_id")), {entry.id, late.id})
        for day, listed in (("2026-04-12", False), ("2099-12-31", True)):
            far = entry.copy({"document_name": day, "date_deadline": "2026-03-13"})
            far.with_user(self.specialist).action_announce_delay("original_overdue", day, "busy")
            self.assertEqual(far.id in self.rows("delay").mapped("res_id"), listed, day)

    def test_delays_of_complaints_and_their_calls_stay_behind_the_wall_m07(self):
        """M07: the person a complaint is about may be a manager."""
        complaint = self.env["aftersales.complaint"].create(
            {
                "partner_id": self.customer.id,
                "kind": "attitude",
                "description": "Was rude",
                "company_id": self.company.id,
            }
        )
        self.env["aftersales.delay"].create(
            {
                "res_model": complaint._name,
                "res_id": complaint.id,
                "kind": "complaint",
                "date_new": "2026-03-20",
                "reason": "The witness is ill",
                "company_id": self.company.id,
            }
        )
        calls = self.env["aftersales.callback"]
        call = calls._create_unlocked(
            {
                "kind": "complaint",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "due_date": "2026-03-05",
                "state": "cancelled",
                "cancel_reason": "x",
                "cancelled_by_id": self.manager.id,
                "cancelled_on": "2026-03-10 02:00:00",
            }
        )
        self.assertFalse(self.rows("delay"))
        self.assertFalse(self.rows("call_cancel"))
        call._write_unlocked({"kind": "routine"})
        row = self.rows("call_cancel")
        self.assertEqual((row.res_id, row.user_id), (call.id, self.manager))
        call._write_unlocked({"cancelled_on": "2026-03-05 02:00:00"})
        self.assertFalse(self.rows("call_cancel"), "on its day")

    def test_visit_cancelled_after_its_day_is_listed_m07(self):
        """M07: nobody went, or nobody wrote of it."""
        visit = self.make_visit()
        visit._write_unlocked({"state": "approved", "answer_due_date": "2026-03-11"})
        visit.with_user(self.specialist).action_cancel("The customer came to us")
        row = self.rows("late_cancel")
        self.assertEqual((row.res_id, row.user_id), (visit.id, self.specialist))
        self.assertEqual(row.note, "The customer came to us")
        visit._write_unlocked({"answered_on": "2026-03-10 02:00:00"})
        self.assertFalse(self.rows("late_cancel"), "on its day")

    def test_return_on_an_unplanned_day_that_is_entered_later_is_listed_m07(self):
        """M07, M01: the record is owed from the return, so a later day gives time."""
        visit = self.env["aftersales.visit"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date_planned_start": "2026-03-09 01:00:00",
                "date_planned_end": "2026-03-09 08:00:00",
            }
        )
        cases = (
            ("planned, entered later", "2026-03-09 08:00:00", "2026-03-11 02:00:00", False),
            ("unplanned, entered at once", "2026-03-10 08:00:00", "2026-03-10 08:00:40", False),
            ("unplanned, entered later", "2026-03-10 08:00:00", "2026-03-11 02:00:00", True),
            # midnight in Shanghai
            ("entered on that day", "2026-03-10 16:30:00", "2026-03-11 15:00:00", False),
            ("moved after it was entered", "2026-03-11 02:00:00", "2026-03-10 02:00:00", True),
        )
        for case, returned, entered, listed in cases:
            visit._write_unlocked(
                {
                    "state": "done",
                    "left_on": "2026-03-09 01:00:00",
                    "returned_on": returned,
                    "return_entered_on": entered,
                    "return_entered_by_id": self.specialist.id,
                }
            )
            with self.subTest(case):
                row = self.rows("other_day")
                self.assertEqual(row.mapped("res_id"), visit.ids if listed else [])
                self.assertEqual(row.user_id, self.specialist if listed else row.user_id)
        visit._write_unlocked(
            {
                "is_trip": True,
                "trip_date_start": "2026-03-09",
                "trip_date_end": "2026-03-10",
                "returned_on": "2026-03-10 08:00:00",
                "return_entered_on": "2026-03-11 02:00:00",
            }
        )
        self.assertFalse(self.rows("other_day"), "planned for the trip")

    def test_kinds_have_ids_of_their_own_m07(self):
        """M07: no two rows of the list share an id."""
        kinds = dict(self.env["aftersales.review"]._fields["kind"].selection)
        self.assertLess(len(kinds), STEP)
        parts = self.env["aftersales.review"]._get_parts()
        self.assertEqual({kind for kind, _model, _query in parts}, set(kinds))
        once = [kind for kind, _model, _query in parts if kind != "delay"]
        self.assertEqual(len(once), len(set(once)), "their sources are of one model")

    # === Looked at === #

    def test_row_goes_with_a_reason_that_is_kept_m07(self):
        change = self.make_kind_change()
        row = self.rows("change_kind")
        with self.assertRaisesRegex(UserError, "why"):
            row.action_look(" ")
        action = row.action_ask_look()
        dialogue = self.env["aftersales.reason"].with_user(self.manager)
        dialogue = dialogue.with_context(**action["context"]).create(
            {"reason": "The director asked"}
        )
        self.assertEqual(dialogue.documents, row.display_name)
        dialogue.action_confirm()
        self.assertFalse(self.rows("change_kind"))
        look = self.env["aftersales.review.look"].with_user(self.manager).search([])
        self.assertRecordValues(
            look,
            [
                {
                    "res_id": change.id,
                    "user_id": self.manager.id,
                    "about_id": self.director.id,
                    "reason": "The director asked",
                }
            ],
        )
        for attempt in (
            lambda: look.write({"reason": "x"}),
            lambda: look.sudo().write({"reason": "x"}),
            lambda: look.unlink(),
            lambda: look.sudo().unlink(),
            lambda: look.sudo().create({"kind": "project", "source_id": 1}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attempt()
        # corrected on another day, it is listed anew
        with freeze_time("2026-03-13 02:00:00"):
            change.with_user(self.director).action_correct_kind("need", "Read again")
            self.assertEqual(self.rows("change_kind").res_id, change.id)

    def test_nobody_looks_at_rows_about_themselves_m07(self):
        self.make_kind_change(self.manager)
        with self.assertRaisesRegex(UserError, "about yourself"):
            self.rows("change_kind").action_look("I may")
        self.rows("change_kind", self.director).action_look("They may")
        self.assertFalse(self.rows("change_kind"))

    # === Who === #

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_specialists_never_see_it_m07(self):
        self.make_kind_change()
        row = self.rows("change_kind")
        row.action_look("Fine")
        self.make_kind_change()
        row = self.rows("change_kind")
        menu = self.env.ref("jinyang_aftersales.aftersales_review_menu")
        for user in (
            self.specialist,
            self.colleague,
            self.callback,
            self.archivist,
            self.developer,
            self.employee,
        ):
            mine = row.with_user(user)
            for attempt in (
                lambda mine=mine: mine.search([]),
                lambda mine=mine: mine.read(["document"]),
                lambda mine=mine: mine.search_count([]),
                lambda mine=mine: mine.action_look("Fine"),
                lambda mine=mine: mine.action_open_document(),
                lambda user=user: self.env["aftersales.review.look"].with_user(user).search([]),
                lambda user=user: self.env["aftersales.review.look"]
                .with_user(user)
                .formatted_read_group([], ["kind"], ["__count"]),
            ):
                with self.assertRaises(AccessError):
                    attempt()
            self.assertNotIn(menu.id, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
        for user in (self.manager, self.director):
            self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_another_company_sees_nothing_m07(self):
        self.make_kind_change()
        self.rows("change_kind").action_look("Fine")
        self.make_kind_change()
        row = self.rows("change_kind")
        other = self.make_company("Branch")
        manager = self.make_user(
            "branch manager",
            "jinyang_aftersales.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for name in ("aftersales.review", "aftersales.review.look"):
            rows = self.env[name].with_user(manager).with_context(allowed_company_ids=other.ids)
            self.assertFalse(rows.search([]))
        with self.assertRaises(AccessError):
            row.with_user(manager).with_context(allowed_company_ids=other.ids).action_look("Fine")

    def test_list_is_read_only_and_opens_the_document_m07(self):
        change = self.make_kind_change()
        row = self.rows("change_kind")
        for attempt in (
            lambda: row.write({"day": "2026-01-01"}),
            row.unlink,
            lambda: row.create({"kind": "project"}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        action = row.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), (change._name, change.id))
        groups = row.formatted_read_group([], ["kind"], ["__count"])
        self.assertEqual(
            [(group["kind"], group["__count"]) for group in groups], [("change_kind", 1)]
        )
