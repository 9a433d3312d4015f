"""A ticket is closed only with a complete record, by any way into a closed stage (五.1.3)."""

from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_record import RecordCommon


@tagged("post_install", "-at_install")
class TestRecordGuard(RecordCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done = cls.stage["done"]

    def assertOpen(self, *tickets):
        self.env.invalidate_all()
        for ticket in tickets or (self.ticket,):
            self.assertFalse(ticket.closed)
            self.assertFalse(ticket.closed_date)

    # === The ways to a closed stage === #

    def test_writing_the_stage_names_the_ticket_and_each_missing_field(self):
        with self.refused() as caught:
            self.ticket.stage_id = self.done
        for text in (
            self.ticket.number,
            "Contact Person",
            "Department",
            "Report Name",
            "Question",
            "Analysis",
            "Solution",
        ):
            self.assertIn(text, str(caught.exception))
        self.assertOpen()

    def test_the_message_comes_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.specialist.lang = "zh_CN"
        field = self.env["ir.model.fields"]._get("helpdesk.ticket", "analysis")
        field.with_context(lang="zh_CN").field_description = "分析过程"
        team = self.env["helpdesk.ticket.team"].create({"name": "Own"})
        self.done.copy({"team_ids": team.ids, "sequence": -1, "closed": True})
        with self.refused("分析过程"):
            self.ticket.with_context(lang="zh_CN").stage_id = self.done
        # by recomputation, for which the ORM uses an environment without the language
        with self.refused("分析过程"):
            self.env["helpdesk.ticket"].with_user(self.specialist).with_context(lang=None).browse(
                self.ticket.id
            ).stage_id = self.done

    def test_one_act_may_answer_and_close(self):
        self.ticket.write({**self.answers(), "stage_id": self.done.id})
        self.assertTrue(self.ticket.closed)

    def test_form_and_kanban_drag(self):
        form = Form(self.ticket)
        form.stage_id = self.done
        with self.refused():
            form.save()
        with self.refused():
            self.ticket.web_save({"stage_id": self.done.id}, {"id": {}})
        self.assertOpen()

    def test_created_closed(self):
        with self.refused():
            self.make_ticket(stage_id=self.done.id)
        ticket = self.make_ticket(stage_id=self.done.id, **self.answers())
        self.assertTrue(ticket.closed)

    def test_list_edit_closes_all_or_none(self):
        ready = self.complete(self.make_ticket())
        other = self.make_ticket()
        with self.refused() as caught:
            (ready | self.ticket | other).write({"stage_id": self.done.id})
        self.assertOpen(ready, self.ticket, other)
        self.assertNotIn(ready.number, str(caught.exception))
        self.assertIn(self.ticket.number, str(caught.exception))
        self.assertIn(other.number, str(caught.exception))

    def test_import(self):
        fields = ["name", "description", "partner_id/.id", "stage_id/.id"]
        row = ["导入", "x", str(self.customer.id), str(self.done.id)]
        model = self.env["helpdesk.ticket"].with_user(self.manager)
        count = model.search_count([])
        result = model.load(fields, [["ok", "x", row[2], str(self.stage["new"].id)], row])
        self.assertFalse(result["ids"])
        self.assertIn("Category", result["messages"][0]["message"])
        self.assertEqual(model.search_count([]), count)
        # an import that updates an existing ticket
        result = model.load([".id", "stage_id/.id"], [[str(self.ticket.id), str(self.done.id)]])
        self.assertFalse(result["ids"])
        self.assertOpen()

    def test_a_change_of_team_that_lands_in_a_closed_stage(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Only closed", "user_ids": [Command.set(self.specialist.ids)]}
        )
        stages = self.env["helpdesk.ticket.stage"].search([])
        teams = self.env["helpdesk.ticket.team"].create({"name": "The others"})
        stages.filtered(lambda stage: not stage.team_ids).team_ids = teams
        self.env["helpdesk.ticket.stage"].create(
            {"name": "Filed", "closed": True, "team_ids": team.ids}
        )
        with self.refused():
            self.ticket.team_id = team
        self.assertOpen()
        self.complete(self.ticket).team_id = team
        self.env.flush_all()
        self.assertEqual(self.ticket.stage_id.name, "Filed")
        self.assertTrue(self.ticket.closed_date)

    def test_mail_into_a_closed_stage(self):
        values = {"stage_id": self.done.id, "team_id": False}
        mail = {"subject": "问题", "body": "x", "from": "a@example.cn", "author_id": False}
        with self.refused("Category"), mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["helpdesk.ticket"].message_new(mail, values)

    def test_scheduled_and_server_actions(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Close all",
                "model_id": self.env.ref("helpdesk_mgmt.model_helpdesk_ticket").id,
                "state": "code",
                "code": f"env['helpdesk.ticket'].browse({self.ticket.id}).write("
                f"{{'stage_id': {self.done.id}}})",
            }
        )
        with self.refused(), mute_logger("odoo.addons.base.models.ir_actions"):
            action.run()
        self.assertOpen()

    def test_no_context_gets_around_it(self):
        for context in ({"install_mode": True}, {"tracking_disable": True}, {"import_file": True}):
            with self.refused():
                self.ticket.sudo().with_context(**context).stage_id = self.done
        self.assertOpen()

    # === What is free === #

    def test_assignment_and_other_stages_are_free(self):
        for name in ("in_progress", "awaiting", "new"):
            self.ticket.stage_id = self.stage[name]
        self.ticket.user_id = self.colleague
        self.ticket.write({"priority": "3", "name": "y"})

    def test_cancelled_and_rejected_ask_for_no_record(self):
        for name in ("cancelled", "rejected"):
            ticket = self.make_ticket()
            ticket.stage_id = self.stage[name]
            self.assertTrue(ticket.closed)
            self.assertFalse(ticket.service_done_on)

    def test_who_served_the_customer_does_not_cancel_the_record_away(self):
        for name in ("cancelled", "rejected"):
            ticket = self.make_ticket()
            ticket.action_service_done()
            for attempt in (
                lambda t=ticket, s=name: t.write({"stage_id": self.stage[s].id}),
                lambda t=ticket, s=name: t.web_save({"stage_id": self.stage[s].id}, {}),
                lambda t=ticket, s=name: t.sudo().write({"stage_id": self.stage[s].id}),
            ):
                with self.refused("was served") as caught:
                    attempt()
                self.assertIn("Analysis", str(caught.exception))
            result = ticket.load([".id", "stage_id/.id"], [[ticket.id, self.stage[name].id]])
            self.assertFalse(result["ids"])
            self.assertOpen(ticket)
            # a manager may cancel it, because the service may have been marked by mistake
            ticket.with_user(self.manager).stage_id = self.stage[name]
            self.assertTrue(ticket.closed)

    def test_what_was_recorded_may_be_cancelled(self):
        self.ticket.action_service_done()
        self.complete(self.ticket).stage_id = self.stage["cancelled"]
        self.assertTrue(self.ticket.closed)

    def test_cancelled_first_it_is_not_served_afterwards(self):
        self.ticket.stage_id = self.stage["cancelled"]
        with self.refused("was served"):
            self.ticket.action_service_done()

    def test_a_served_duplicate_is_free(self):
        copy = self.make_ticket()
        copy.action_service_done()
        copy.action_correct({"duplicate_id": self.ticket.id}, "重复报修")
        copy.stage_id = self.stage["rejected"]
        self.assertTrue(copy.closed)

    def test_a_ticket_of_another_customer_is_no_original(self):
        other = self.make_customer()
        copy = self.make_ticket()
        with self.refused("another customer"):
            copy.duplicate_id = self.make_ticket(partner_id=other.id)
        copy.duplicate_id = self.ticket
        with self.refused("another customer"):
            copy.partner_id = other

    def test_an_open_ticket_is_not_archived_away(self):
        with self.refused("is open"):
            self.ticket.action_archive()
        with self.refused("is open"):
            self.make_ticket(active=False)
        self.ticket.with_user(self.manager).action_archive()
        ticket = self.complete(self.make_ticket())
        ticket.stage_id = self.done
        ticket.action_archive()
        self.assertFalse(ticket.active)

    def test_duplicates_need_no_record_but_are_real_duplicates(self):
        copy = self.make_ticket()
        copy.duplicate_id = self.ticket
        copy.stage_id = self.done
        with self.refused():
            copy.with_user(self.manager).duplicate_id = False
        for ticket, original in ((self.ticket, self.ticket), (self.ticket, copy)):
            with self.refused("duplicate"):
                ticket.duplicate_id = original
        third = self.make_ticket()
        with self.refused("duplicate"):
            third.duplicate_id = copy

    # === Closed records stay complete === #

    def test_a_closed_record_loses_no_answer(self):
        self.complete(self.ticket).stage_id = self.done
        own = self.ticket.with_user(self.manager)
        for name in ("analysis", "contact_id", "department", "category_id"):
            with self.refused("Missing"):
                own[name] = False
        self.ticket.analysis = "期初余额和汇率有误"
        with self.refused("Steps"):
            own.category_id = self.category("bug")

    def test_open_stages_in_use_do_not_become_closed_over_open_records(self):
        stage = self.stage["awaiting"].with_user(self.manager)
        self.ticket.stage_id = stage
        with self.refused(self.ticket.number):
            stage.closed = True
        stage.write({"closed": True, "record_required": False})
        with self.refused(self.ticket.number):
            stage.record_required = True
        self.complete(self.ticket)
        stage.record_required = True

    def test_shipped_stages(self):
        expected = {"done": True, "new": False, "cancelled": False, "rejected": False}
        for name, asked in expected.items():
            self.assertEqual(self.stage[name].record_required, asked, name)
        stage = self.env["helpdesk.ticket.stage"].create({"name": "Filed", "closed": True})
        self.assertTrue(stage.record_required)

    # === Who was served === #

    def test_a_remote_record_names_customer_contact_and_department(self):
        for channel in ("qq", False):
            ticket = self.make_ticket("other", channel, partner_id=False, solution="x")
            self.assertEqual(ticket.service_mode, "remote")
            self.assertEqual(
                ticket._get_missing_record_fields(), ["partner_id", "contact_id", "department"]
            )
        ticket.partner_id = self.customer
        self.assertEqual(ticket._get_missing_record_fields(), ["contact_id", "department"])
        ticket.partner_id = self.contact
        self.assertEqual(ticket.contact_id, self.contact)
        self.assertEqual(ticket._get_missing_record_fields(), ["department"])
        ticket.department = "财务部"
        self.assertTrue(ticket.record_complete)
        # the department is stored on the contact, for later tickets
        self.assertEqual(self.contact.department, "财务部")
        again = self.make_ticket("other", partner_id=self.contact.id, solution="x")
        self.assertTrue(again.record_complete)

    def test_on_site_the_visit_knows_who(self):
        ticket = self.make_ticket("other", "on_site")
        self.assertEqual(ticket.service_mode, "on_site")
        self.assertEqual(ticket._get_missing_record_fields(), ["solution"])

    def test_another_customer_brings_other_people(self):
        self.complete(self.ticket)
        self.ticket.partner_id = self.make_customer()
        self.assertFalse(self.ticket.contact_id)
        self.assertFalse(self.ticket.department)
        self.assertFalse(self.ticket.record_complete)

    def test_without_a_category_nobody_knows_what_to_record(self):
        ticket = self.make_ticket(False, "on_site")
        self.assertEqual(ticket._get_missing_record_fields(), ["category_id"])
        with self.refused("Category"):
            ticket.stage_id = self.done
