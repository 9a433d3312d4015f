"""What looks evaded, in one list for managers (M07)."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..change.change_common import ChangeCommon

NOW = "2026-03-12 02:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestReview(ChangeCommon):
    """Today is Thursday, 12 March 2026."""

    def rows(self, kind, user=None):
        self.env.flush_all()
        reviews = self.env["aftersales.review"].with_user(user or self.manager)
        return reviews.search([("kind", "=", kind)])

    def make_kind_change(self, user=None):
        change = self.make_change(state="submitted", kind="change")
        change.with_user(user or self.director).action_correct_kind("bug", "It never worked")
        return change

    def make_project(self, days=-3, **values):
        return self.env["aftersales.implementation"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.make_software().id,
                "company_id": self.company.id,
                "engineer_ids": [Command.set(self.specialist.ids)],
                "lead_engineer_id": self.specialist.id,
                "date_start": self.today + timedelta(days=days - 20),
                "date_end": self.today + timedelta(days=days),
                **values,
            }
        )

    def make_ticket(self, **values):
        return self.env["helpdesk.ticket"].create(
            {
                "name": "Year end",
                "description": "x",
                "partner_id": self.contact.id,
                "user_id": self.specialist.id,
                "company_id": self.company.id,
                **values,
            }
        )

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
        late = self.make_project()
        for days in (0, 3):
            self.make_project(days)._write_unlocked({"state": "running"})
        self.assertFalse(self.rows("project"), "planned ones")
        late._write_unlocked({"state": "running"})
        row = self.rows("project")
        self.assertEqual((row.res_id, row.user_id), (late.id, self.specialist))
        self.assertEqual(row.day, self.day("2026-03-09"))
        late._write_unlocked({"state": "finished"})
        self.assertFalse(self.rows("project"))

    def test_approved_visit_past_its_day_is_listed_m07(self):
        visit = self.env["aftersales.visit"].create(
            {
                "partner_id": self.customer.id,
                "contact_id": self.contact.id,
                "company_id": self.company.id,
                "technician_ids": [Command.set(self.specialist.ids)],
                "date_planned_start": "2026-03-10 01:00:00",
                "date_planned_end": "2026-03-10 08:00:00",
            }
        )
        self.assertFalse(self.rows("unanswered"))
        visit._write_unlocked({"state": "approved"})
        row = self.rows("unanswered")
        self.assertEqual((row.res_id, row.user_id), (visit.id, self.specialist))
        visit._write_unlocked({"state": "on_site"})
        self.assertFalse(self.rows("unanswered"))

    def test_on_site_ticket_closed_without_a_visit_is_listed_m07(self):
        ticket = self.make_ticket()
        closed = self.env["helpdesk.ticket.stage"].search(
            [("closed", "=", True), ("record_required", "=", True)], limit=1
        )
        self.assertFalse(self.rows("no_visit"))
        self.env.flush_all()
        # as a ticket of former times, which no rule of today refused
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET service_mode = 'on_site', stage_id = %s, closed_date = %s WHERE id = %s",
            (closed.id, "2026-03-11 17:00:00", ticket.id),
        )
        self.env.invalidate_all()
        row = self.rows("no_visit")
        self.assertEqual((row.res_id, row.day), (ticket.id, self.day("2026-03-12")))
        self.assertIn(ticket.name, row.document)
        visit = self.env["aftersales.visit"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "ticket_id": ticket.id,
            }
        )
        self.assertTrue(self.rows("no_visit"), "a draft is no visit")
        visit._write_unlocked({"state": "done"})
        self.assertFalse(self.rows("no_visit"))

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

    # === Tickets === #

    def make_served(self, **values):
        """A ticket of the specialist, served on Monday, 2 March."""
        with freeze_time("2026-03-02 02:00:00"):
            channel = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
            ticket = self.make_ticket(channel_id=channel.id, **values)
            ticket.service_done_on = "2026-03-02 02:00:00"
            self.env.flush_all()
        return ticket.with_user(self.specialist)

    def test_ticket_changed_after_the_service_is_listed_m07(self):
        ticket = self.make_served()
        self.assertFalse(self.rows("service"))
        channel = self.env.ref("jinyang_aftersales.helpdesk_ticket_channel_qq")
        ticket.action_correct({"channel_id": channel.id}, "It was QQ")
        row = self.rows("service")
        self.assertEqual(
            (row.res_model, row.res_id, row.user_id), (ticket._name, ticket.id, self.specialist)
        )
        self.assertIn("It was QQ", row.note)
        self.assertIn(channel.name, row.note)
        self.assertFalse(self.rows("duplicate"))

    def test_duplicate_marked_after_the_deadline_is_listed_m07(self):
        first, late, early, open_one = (self.make_served() for _number in range(4))
        with freeze_time("2026-03-02 03:00:00"):
            early.action_correct({"duplicate_id": first.id}, "Asked twice")
        late.action_correct({"duplicate_id": first.id}, "Asked twice")
        self.assertFalse(open_one.duplicate_id)
        row = self.rows("duplicate")
        self.assertEqual((row.res_id, row.user_id), (late.id, self.specialist))
        self.assertEqual((row.day, row.note), (self.day("2026-03-12"), "Asked twice"))
        late.with_user(self.manager).action_correct({"duplicate_id": False}, "It is another one")
        self.assertFalse(self.rows("duplicate"))

    def test_records_nobody_is_charged_for_are_listed_m07(self):
        category = self.env["helpdesk.ticket.category"].search(
            [("record_type", "=", "data_clearing")], limit=1
        )
        unknown, nobody, known = (self.make_served(category_id=category.id) for _number in range(3))
        self.assertTrue(known.sudo().record_asked)
        unknown.sudo()._write_unlocked({"record_unknown": True})
        nobody.sudo()._write_unlocked({"service_done_by_id": False})
        self.assertEqual(self.rows("unknown").mapped("res_id"), unknown.ids)
        self.assertEqual(self.rows("nobody").mapped("res_id"), nobody.ids)

    def test_what_was_before_the_rules_is_marked_m07(self):
        self.make_kind_change()
        self.company.sudo()._write_unlocked({"aftersales_duties_since": "2026-03-13"})
        self.assertTrue(self.rows("change_kind").is_old)

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
