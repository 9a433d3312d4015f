"""Required fields of each category's record, and the rights to change them (五.1.4)."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_record import RecordCommon

EXPECTED = {
    "data_clearing": ["data_to_clear", "tool_used", "application_ids"],
    "report": ["report_name", "question", "analysis", "solution"],
    "password": ["application_ids", "contact_told_id"],
    "change": ["need", "change_request_ids"],
    "bug": ["steps", "error_shown", "date_promised"],
    "need": ["need"],
    "other": ["solution"],
}


@tagged("post_install", "-at_install")
class TestRecordRequirements(RecordCommon):
    def require(self, name, category="report", user=None):
        return (
            self.env["aftersales.record.requirement"]
            .with_user(user or self.manager)
            .create({"category_id": self.category(category).id, "field_name": name})
        )

    def test_each_shipped_category_asks_for_its_fields(self):
        for record_type, names in EXPECTED.items():
            # without a visit, which a manager lets pass
            ticket = self.make_ticket(record_type, "on_site")
            ticket.with_user(self.manager).action_waive_visit("Passing by")
            self.assertEqual(ticket.record_type, record_type)
            self.assertEqual(ticket._get_missing_record_fields(), names)
            with self.assertRaises(ValidationError):
                ticket.stage_id = self.stage["done"]
            self.complete(ticket)
            self.assertEqual(ticket._get_missing_record_fields(), [])
            ticket.stage_id = self.stage["done"]
            self.assertTrue(ticket.record_complete)

    def test_each_field_alone_keeps_the_ticket_open(self):
        for record_type, names in EXPECTED.items():
            ticket = self.complete(self.make_ticket(record_type, "on_site"))
            for name in set(names) - {"application_ids", "change_request_ids"}:
                value = ticket[name]
                ticket[name] = False
                self.assertEqual(ticket._get_missing_record_fields(), [name])
                ticket[name] = value

    def test_an_application_counts_once_it_is_executed_and_of_the_right_kind(self):
        ticket = self.make_ticket("data_clearing", "on_site")
        ticket.write(self.answers("data_clearing"))
        self.execute_application(ticket, "password")
        application = self.make_application(ticket)
        self.assertEqual(ticket._get_missing_record_fields(), ["application_ids"])
        application.action_submit()
        application.with_user(self.manager).action_approve()
        self.assertFalse(ticket.record_complete)
        application.write({"tool_used": "x", "backup_taken": True})
        application.action_execute()
        self.assertTrue(ticket.record_complete)
        self.assertEqual(ticket.application_count, 2)

    def test_what_the_application_says_is_not_written_again(self):
        ticket = self.make_ticket("data_clearing", "on_site")
        self.execute_application(ticket)
        self.assertEqual(ticket.data_to_clear, "2019 年订单")
        self.assertEqual(ticket.tool_used, "清理工具 2.1")
        self.assertTrue(ticket.record_complete)
        ticket = self.make_ticket("password", "on_site")
        self.execute_application(ticket)
        self.assertEqual(ticket.contact_told_id, self.contact)
        self.assertFalse(ticket.data_to_clear)

    def test_a_new_application_begins_with_what_the_ticket_says(self):
        ticket = self.make_ticket("data_clearing", data_to_clear="2020 年凭证")
        action = ticket.action_new_application()
        form = Form(
            self.env["aftersales.application"]
            .with_user(self.specialist)
            .with_context(**action["context"])
        )
        application = form.save()
        self.assertRecordValues(
            application,
            [
                {
                    "kind": "data_clearing",
                    "ticket_id": ticket.id,
                    "partner_id": self.customer.id,
                    "description": "2020 年凭证",
                }
            ],
        )
        self.assertEqual(ticket.action_view_applications()["res_id"], application.id)

    # === The manager's list === #

    def test_what_a_manager_requires_more_is_asked_of_open_tickets(self):
        self.complete(self.ticket)
        closed = self.complete(self.make_ticket())
        closed.stage_id = self.stage["done"]
        requirement = self.require("customer_confirmed")
        self.assertEqual(self.ticket._get_missing_record_fields(), ["customer_confirmed"])
        self.assertFalse(self.ticket.record_complete)
        with self.refused("Confirmed by the Customer"):
            self.ticket.stage_id = self.stage["done"]
        # closed tickets stay complete by the former requirements
        self.assertTrue(closed.record_complete)
        closed.solution = "更正期初和汇率"
        requirement.unlink()
        self.assertTrue(self.ticket.record_complete)
        self.assertTrue(
            self.env["helpdesk.ticket"].search_count(
                [("id", "=", self.ticket.id), ("record_complete", "=", True)]
            )
        )

    def test_moving_and_renaming_a_requirement_counts_at_once(self):
        requirement = self.require("need")
        self.assertIn("need", self.ticket._get_missing_record_fields())
        requirement.field_name = "steps"
        self.assertIn("steps", self.ticket._get_missing_record_fields())
        requirement.category_id = self.category("other")
        self.assertNotIn("steps", self.ticket._get_missing_record_fields())
        other = self.make_ticket("other", "on_site")
        self.assertEqual(other._get_missing_record_fields(), ["solution", "steps"])

    def test_requirements_hold_for_the_categories_below(self):
        below = self.env["helpdesk.ticket.category"].create(
            {"name": "资产负债表", "parent_id": self.category("report").id}
        )
        ticket = self.make_ticket(False, "on_site", category_id=below.id)
        self.assertEqual(ticket._get_missing_record_fields(), EXPECTED["report"])
        self.require("steps")
        self.assertIn("steps", ticket._get_missing_record_fields())
        below.parent_id = False
        self.assertEqual(ticket._get_missing_record_fields(), [])

    def test_zero_and_no_are_answers(self):
        fields = [*self.ticket._get_record_fields(), "color", "chargeable"]
        model = self.env.registry["helpdesk.ticket"]
        with patch.object(model, "_get_record_fields", lambda self: fields):
            self.require("color")
            self.require("chargeable")
            self.require("customer_confirmed")
            self.complete(self.ticket)
            self.assertEqual(self.ticket.color, 0)
            self.assertFalse(self.ticket.chargeable)
            self.assertEqual(self.ticket._get_missing_record_fields(), ["customer_confirmed"])
            self.ticket.customer_confirmed = "no"
            self.ticket.stage_id = self.stage["done"]

    def test_only_fields_of_the_list_are_required_and_each_once(self):
        with self.refused("company_id"):
            self.require("company_id")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.require("solution")

    def test_managers_edit_requirements_specialists_read_them(self):
        requirement = self.require("steps")
        own = requirement.with_user(self.specialist)
        self.assertEqual(own.field_name, "steps")
        for act in (
            lambda: self.require("need", user=self.specialist),
            lambda: own.write({"field_name": "need"}),
            own.unlink,
        ):
            with self.assertRaises(AccessError):
                act()
        for user in (self.callback, self.archivist, self.developer):
            requirement.with_user(user).read(["field_name"])
            with self.assertRaises(AccessError):
                requirement.with_user(user).unlink()
        with self.assertRaises(AccessError):
            requirement.with_user(self.employee).read(["field_name"])

    def test_requirements_of_another_company_are_its_own(self):
        second = self.make_company()
        category = self.env["helpdesk.ticket.category"].create(
            {"name": "Foreign", "company_id": second.id}
        )
        requirement = self.env["aftersales.record.requirement"].create(
            {"category_id": category.id, "field_name": "need"}
        )
        with self.assertRaises(AccessError):
            requirement.with_user(self.manager).read(["field_name"])

    def test_the_form_of_a_category_offers_the_usual_requirements(self):
        model = self.env["helpdesk.ticket.category"].with_user(self.manager)
        lines = {"field_name": {}, "sequence": {}}
        view = {"record_type": {}, "requirement_ids": {"fields": lines}}

        def offered(category, record_type):
            values = {"record_type": record_type}
            answer = category.onchange(values, ["record_type"], view)["value"]
            return [row[2]["field_name"] for row in answer.get("requirement_ids", [])]

        self.assertEqual(offered(model, "bug"), EXPECTED["bug"])
        # categories with requirements keep them when their type changes
        self.assertEqual(offered(self.category("report").with_user(self.manager), "bug"), [])

    def test_an_update_of_the_addon_changes_nothing_a_manager_chose(self):
        category = self.category("report")
        category.record_type = "other"
        category.requirement_ids[0].unlink()
        names = category.requirement_ids.mapped("field_name")
        channel = self.channel["qq"]
        channel.service_mode = "on_site"
        for model, method, values in (
            ("helpdesk.ticket.category", "_fill_shipped_types", category),
            ("helpdesk.ticket.channel", "_fill_shipped_modes", channel),
        ):
            xmlid = values.get_external_id()[values.id]
            getattr(self.env[model], method)({xmlid: "report" if values == category else "remote"})
        self.assertEqual(category.record_type, "other")
        self.assertEqual(category.requirement_ids.mapped("field_name"), names)
        self.assertEqual(channel.service_mode, "on_site")

    def test_shipped_channels_know_their_mode(self):
        for name in ("web", "email", "phone", "other"):
            channel = self.env.ref(f"helpdesk_mgmt.helpdesk_ticket_channel_{name}")
            self.assertEqual(channel.service_mode, "remote", name)
        self.assertEqual(self.channel["qq"].service_mode, "remote")
        self.assertEqual(self.channel["on_site"].service_mode, "on_site")

    # === Odd texts === #

    def test_blank_texts_are_no_answer(self):
        self.complete(self.ticket)
        for blank in ("", " ", "\r\n\t", "\u200b", "\u3000", "\ufeff", "\u202e"):
            self.ticket.solution = blank
            self.assertEqual(self.ticket._get_missing_record_fields(), ["solution"], repr(blank))

    def test_odd_texts_are_stored_as_they_are(self):
        for text in ("😀", "a\r\nb", "<script>alert(1)</script>", "%s {x} %(y)s", "长" * 200_000):
            self.complete(self.ticket).solution = text
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(self.ticket.solution, text)
            self.assertTrue(self.ticket.record_complete)

    def test_odd_titles_do_not_break_the_refusal(self):
        self.ticket.name = "%s %(x)s {0} <b> 😀"
        with self.refused("😀"):
            self.ticket.stage_id = self.stage["done"]

    # === Those without our roles === #

    def test_a_helpdesk_user_without_our_groups_records_and_closes(self):
        helpdesk = self.make_user("helpdesk", "helpdesk_mgmt.group_helpdesk_user")
        with Form(self.env["helpdesk.ticket"].with_user(helpdesk)) as form:
            form.name = "打印机"
            form.description = "x"
            form.partner_id = self.customer
            form.contact_id = self.contact
            form.department = "财务部"
            form.category_id = self.category("other")
            form.solution = "换纸"
        ticket = form.record
        self.assertTrue(ticket.record_complete)
        ticket.action_service_done()
        ticket.stage_id = self.stage["done"]
        self.assertFalse(self.customer.child_ids.department != "财务部")

    def test_many_tickets_in_one_refusal_name_the_first_ones(self):
        tickets = self.env["helpdesk.ticket"].browse(
            [self.make_ticket().id for _number in range(25)]
        )
        with self.refused("…") as caught:
            tickets.write({"stage_id": self.stage["done"].id})
        self.assertEqual(str(caught.exception).count("Analysis"), 20)

    def test_requirements_edited_inline_on_the_category(self):
        category = self.category("other").with_user(self.manager)
        ticket = self.make_ticket("other", "on_site")
        category.write({"requirement_ids": [Command.create({"field_name": "analysis"})]})
        self.assertEqual(ticket._get_missing_record_fields(), ["solution", "analysis"])
