from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitFinish(VisitCommon):
    """五.3.5, 五.3.6: one dialogue ends a visit, by the rules of its parts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.aftersales_phone_form_received = True
        cls.report = cls.env.ref("jinyang_aftersales.helpdesk_ticket_category_report")
        cls.other = cls.env.ref("jinyang_aftersales.helpdesk_ticket_category_other")

    def at_customer(self, category=None, **feedback):
        visit = self.make_visit(state="on_site")
        visit.action_arrive()
        visit.write(self.feedback(**feedback))
        if category:
            visit.ticket_id.category_id = category
        return visit

    def dialogue(self, visit):
        """The dialogue as its form shows it."""
        action = visit.action_open_finish()
        wizard = self.env[action["res_model"]].with_user(visit.env.user)
        return Form(wizard.with_context(**action["context"]))

    def record(self, **values):
        return {
            "category_id": self.report.id,
            "report_name": "资产负债表",
            "question": "取数为零",
            "analysis": "科目调整",
            **values,
        }

    def test_one_dialogue_signs_records_closes_and_opens_the_call(self):
        visit = self.at_customer(self.report)
        form = self.dialogue(visit)
        self.assertEqual(form.question, "月末结账报错", "the purpose is proposed")
        self.assertEqual(form.solution, "重新结账成功", "the result is proposed")
        form.report_name = "资产负债表"
        form.analysis = "科目编码调整"
        self.assertFalse(form.is_back)
        told = form.save().action_finish()
        ticket = visit.ticket_id
        self.assertRecordValues(
            ticket,
            [
                {
                    "closed": True,
                    "record_complete": True,
                    "solution": "重新结账成功",
                    "report_name": "资产负债表",
                    "question": "月末结账报错",
                    "service_done_by_id": self.specialist.id,
                    "service_done_mode": "on_site",
                }
            ],
        )
        self.assertGreaterEqual(ticket.record_completed_on, visit.left_on)
        self.assertTrue(visit.record_filled_on)
        self.assertTrue(visit.signature_valid)
        self.assertTrue(visit.feedback_received_on)
        self.assertEqual(visit.sudo().callback_ids.state, "todo")
        self.assertEqual(visit.state, "feedback", "they are not back yet")
        self.assertIn(ticket.number, told["params"]["message"])
        visit.action_return()
        self.assertEqual(visit.state, "done", "the return was all that was missing")

    def test_return_in_the_dialogue_closes_the_visit(self):
        visit = self.make_visit(state="feedback")
        visit.ticket_id.category_id = self.other
        form = self.dialogue(visit)
        self.assertTrue(form.is_back, "signed before: they are at the office")
        form.save().action_finish()
        self.assertEqual(visit.state, "done")
        self.assertTrue(visit.returned_on)
        self.assertEqual(visit.return_entered_by_id, self.specialist)

    def test_only_what_the_chosen_category_lacks_is_asked(self):
        visit = self.at_customer()
        form = self.dialogue(visit)
        self.assertIn(",category_id,", form.missing)
        form.category_id = self.other
        self.assertNotIn("report_name", form.missing)
        self.assertIn(",solution,", form.missing)
        form.category_id = self.report
        self.assertIn(",report_name,", form.missing)

    def test_typed_solution_wins_and_a_known_one_is_kept(self):
        visit = self.at_customer(self.other)
        visit.ticket_id.solution = "远程先改了参数"
        form = self.dialogue(visit)
        self.assertEqual(form.solution, "远程先改了参数\n重新结账成功")
        form.save().action_finish()
        self.assertEqual(visit.ticket_id.solution, "远程先改了参数\n重新结账成功")

    def test_nothing_is_ended_while_a_part_is_refused(self):
        visit = self.at_customer()
        record = self.record(report_name=False)
        refused = "(?s)Closing the Ticket.*Report.*Nothing was ended"
        with self.assertRaisesRegex(UserError, refused), self.cr.savepoint():
            visit.action_finish(record)
        self.env.invalidate_all()
        self.assertEqual(visit.state, "on_site")
        self.assertFalse(visit.signature_hash)
        self.assertFalse(visit.sudo().callback_ids)
        self.assertFalse(visit.ticket_id.question)
        visit.action_finish(self.record())
        self.assertTrue(visit.ticket_id.closed)

    def test_ticket_may_stay_open_with_what_is_known(self):
        visit = self.at_customer(self.report)
        form = self.dialogue(visit)
        form.keep_open = True
        told = form.save().action_finish()
        self.assertIn("stays open", told["params"]["message"])
        self.assertRecordValues(
            visit.ticket_id, [{"closed": False, "question": "月末结账报错", "analysis": False}]
        )
        self.assertEqual(visit.state, "feedback")

    def test_what_the_dialogue_cannot_ask_is_named(self):
        self.env["aftersales.record.requirement"].create(
            {"category_id": self.other.id, "field_name": "change_request_ids"}
        )
        visit = self.at_customer(self.other)
        form = self.dialogue(visit)
        self.assertIn("Program Changes", form.further or "")
        self.assertTrue(form.keep_open)

    def test_dialogue_opens_only_when_the_visit_can_be_ended(self):
        visit = self.make_visit(state="on_site")
        with self.assertRaisesRegex(UserError, "fill in"):
            visit.action_open_finish()
        for state in ("draft", "submitted", "approved", "done", "cancelled"):
            with self.subTest(state=state), self.assertRaises(UserError):
                self.make_visit(state=state).action_open_finish()
        with self.assertRaises(AccessError):
            self.at_customer().with_user(self.colleague).action_open_finish()

    def test_second_press_and_second_technician_change_nothing(self):
        visit = self.make_visit(state="on_site", technicians=self.specialist | self.colleague)
        visit.action_arrive()
        visit.write(self.feedback())
        first, second = visit, visit.with_user(self.colleague)
        first.action_finish(self.record(), fields.Datetime.now())
        done = visit.ticket_id.closed_date
        for user in (first, second):
            with self.assertRaisesRegex(UserError, "already"):
                user.action_finish(self.record(question="Other"))
        self.assertEqual(visit.ticket_id.question, "取数为零")
        self.assertEqual(visit.ticket_id.closed_date, done)
        self.assertEqual(len(visit.sudo().callback_ids), 1)

    def test_record_somebody_has_filled_in_meanwhile_is_not_overwritten(self):
        visit = self.at_customer(self.report)
        visit.ticket_id.with_user(self.manager).analysis = "Theirs"
        with self.assertRaisesRegex(UserError, "filled in meanwhile"), self.cr.savepoint():
            visit.action_finish({"report_name": "R", "question": "Q", "analysis": "Mine"})

    def test_only_fields_of_the_record_are_written(self):
        visit = self.at_customer()
        for name, value in (
            ("user_id", self.colleague.id),
            ("service_done_on", "2026-01-01"),
            ("record_complete", True),
            ("stage_id", 1),
        ):
            with self.subTest(name=name), self.assertRaises(UserError), self.cr.savepoint():
                visit.ticket_id._write_visit_record(visit, {name: value})

    def test_closed_ticket_with_a_record_from_after_the_beginning_stays(self):
        visit = self.at_customer()
        ticket = self.complete(visit)
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        closed = ticket.closed_date
        visit.action_finish({}, fields.Datetime.now())
        self.assertEqual((visit.state, ticket.closed_date), ("done", closed))

    def test_ticket_closed_before_the_visit_is_opened_first(self):
        visit = self.at_customer()
        ticket = self.complete(visit)
        ticket.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        self.env.flush_all()
        self.cr.execute(
            "UPDATE helpdesk_ticket SET closed_date = %s WHERE id = %s",
            [visit.left_on - timedelta(hours=1), ticket.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "was closed before the visit"), self.cr.savepoint():
            visit.action_finish()

    def test_visit_without_a_ticket_gets_its_record(self):
        visit = self.at_customer()
        visit.with_user(self.manager).ticket_id = False
        visit.action_finish(self.record())
        self.assertTrue(visit.ticket_id.closed)

    def test_who_led_the_visit_did_the_service(self):
        """七.4: not who took the call."""
        visit = self.at_customer()
        visit.ticket_id.with_user(self.manager).user_id = self.colleague
        visit.action_finish(self.record())
        self.assertEqual(visit.ticket_id.service_done_by_id, self.specialist)

    def test_form_on_paper_is_ended_without_a_call_until_it_is_received(self):
        visit = self.at_customer()
        visit.action_sign_paper(
            self.company._aftersales_today(), self.feedback()["customer_signature"]
        )
        visit.ticket_id.category_id = self.other
        told = self.dialogue(visit).save().action_finish()
        self.assertIn("call-back desk", told["params"]["message"])
        self.assertEqual(visit.state, "done")
        self.assertFalse(visit.sudo().callback_ids)

    def test_setting_off_from_the_card_opens_the_visit(self):
        visit = self.make_visit(state="approved")
        action = visit.action_set_off()
        self.assertEqual((visit.state, action["res_id"]), ("on_site", visit.id))

    def test_address_is_looked_up_on_the_map_of_the_phone(self):
        visit = self.make_visit(address="武汉 珞瑜路 1 号&x=1")
        self.assertTrue(visit.map_link.startswith("https://uri.amap.com/"))
        self.assertNotIn("&x=1", visit.map_link)
        visit.address = False
        self.assertFalse(visit.map_link)
