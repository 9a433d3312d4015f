from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...models.handover.res_users import HANDOVER_ACTIVITY
from ..house.guard_common import CoreExamples
from ..visit.visit_common import VisitCommon
from . import handover_common


@tagged("post_install", "-at_install")
class TestHandover(VisitCommon):
    """M44: when a colleague leaves, every role is handed over, and nothing they did becomes somebody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaver = cls.make_user(
            "leaver",
            "jinyang_aftersales.group_user,jinyang_aftersales.group_callback,jinyang_aftersales.group_archivist",
        )
        cls.leader = cls.make_user("leader", "jinyang_aftersales.group_manager")
        employees = cls.env["hr.employee"].create(
            [
                {"name": "Leader", "user_id": cls.leader.id, "company_id": cls.company.id},
                {"name": "Leaver", "user_id": cls.leaver.id, "company_id": cls.company.id},
            ]
        )
        employees[1].parent_id = employees[0]
        cls.client = cls.make_customer("Handed Works", service_user_id=cls.leaver.id)

    def work(self):
        """Open documents of the leaver, by what they are."""
        software = self.make_installation(self.client, user_id=self.leaver.id)
        values = {"partner_id": self.client.id, "company_id": self.company.id}
        found = {
            "visit": self.make_visit(technicians=self.leaver, user_id=self.leaver.id),
            "software": software,
            "customer": self.client,
            "entry": self.env["aftersales.archive.entry"].create(
                {
                    "kind": "appraisal",
                    "document_name": "Plan",
                    "holder_id": self.leaver.id,
                    "company_id": self.company.id,
                }
            ),
            "ticket": self.env["helpdesk.ticket"].create(
                {
                    **values,
                    "name": "Report",
                    "description": "Empty",
                    "user_id": self.leaver.id,
                }
            ),
        }
        self.company.aftersales_callback_user_id = self.leaver
        return found

    def test_every_role_field_is_known_and_no_fact(self):
        pairs = self.env["res.users"]._get_role_fields()
        for pair in (
            ("helpdesk.ticket", "user_id"),
            ("res.partner", "service_user_id"),
            ("aftersales.visit", "technician_ids"),
            ("aftersales.change.request", "developer_id"),
            ("aftersales.complaint", "investigator_id"),
            ("aftersales.callback", "user_id"),
            ("aftersales.renewal.notice", "user_id"),
            ("res.company", "aftersales_callback_user_id"),
        ):
            self.assertIn(pair, pairs)
        for name, role in pairs:
            field = self.env[name]._fields[role]
            self.assertNotEqual(getattr(field, "person", "role"), "fact", (name, role))
        kept = [
            (name, field.name)
            for name, model in self.env.registry.items()
            for field in model._fields.values()
            if getattr(field, "person", None) == "fact"
        ]
        self.assertTrue(kept)
        self.assertFalse(set(kept) & set(pairs))

    def test_user_archived_by_a_program_hands_all_to_the_leader(self):
        work = self.work()
        self.leaver.write({"active": False})
        self.assertEqual(work["visit"].user_id, self.leader)
        self.assertEqual(work["visit"].technician_ids, self.leader)
        self.assertEqual(work["software"].user_id, self.leader)
        self.assertEqual(work["customer"].service_user_id, self.leader)
        self.assertEqual(work["entry"].holder_id, self.leader)
        self.assertEqual(work["entry"].handover_ids[:1].from_id, self.leaver)
        self.assertEqual(work["ticket"].user_id, self.leader)
        self.assertEqual(self.company.aftersales_callback_user_id, self.leader)
        self.assertFalse(self.leaver.sudo()._get_open_work())

    def test_activities_go_along_and_finished_work_stays(self):
        work = self.work()
        work["visit"]._notify_users(self.leaver, "mail.mail_activity_data_todo", "Call them")
        over = self.make_visit(technicians=self.leaver, user_id=self.leaver.id)
        over.action_cancel("Not needed")
        self.leaver.write({"active": False})
        self.assertEqual(work["visit"].activity_ids.user_id, self.leader)
        self.assertEqual(over.with_context(active_test=False).user_id, self.leaver)

    def test_without_a_leader_managers_get_a_task_each_day_until_it_is_done(self):
        self.leaver.employee_ids.parent_id = False
        work = self.work()
        self.leaver.write({"active": False})
        self.assertEqual(work["visit"].with_context(active_test=False).user_id, self.leaver)
        users, today = self.env["res.users"], self.company._aftersales_today()
        for _time in range(2):
            users._check_leavers(self.company, today)
        tasks = self.leaver.partner_id.activity_ids
        self.assertEqual(set(tasks.activity_type_id), {self.env.ref(HANDOVER_ACTIVITY)})
        self.assertEqual(len(tasks), len(tasks.user_id), "once each")
        self.assertIn(self.manager, tasks.user_id)
        wizard = self.env["aftersales.handover"].with_user(self.manager)
        form = Form(wizard.with_context(default_user_id=self.leaver.id))
        self.assertFalse(form.is_active)
        dialog = form.save()
        self.assertTrue(dialog.line_ids)
        dialog.line_ids.to_user_id = self.colleague
        dialog.action_confirm()
        self.assertEqual(work["visit"].user_id, self.colleague)
        users._check_leavers(self.company, today)
        self.assertFalse(self.leaver.partner_id.activity_ids)

    def test_archived_documents_are_nobodys_work(self):
        """M44: managers are told of nothing that the dialogue cannot hand over."""
        self.leaver.employee_ids.parent_id = False
        work = self.work()
        for name in ("ticket", "customer", "software"):
            work[name].active = False
        self.leaver.write({"active": False})
        found = self.leaver.sudo().with_context(active_test=False)._get_open_work()
        for name, role in (
            ("ticket", "user_id"),
            ("customer", "service_user_id"),
            ("software", "user_id"),
        ):
            document = work[name]
            others = found.get((document._name, role), document.browse())
            self.assertNotIn(document, others, name)
        self.assertEqual(found["aftersales.visit", "technician_ids"], work["visit"])

    def test_who_may_not_archive_a_colleague_hands_over_nothing(self):
        """M44: refused before anything is handed over."""
        users = type(self.env["res.users"])
        with patch.object(users, "_hand_over_work") as hand_over, self.assertRaises(AccessError):
            self.leaver.with_user(self.colleague).write({"active": False})
        hand_over.assert_not_called()

    def test_archiving_on_the_screen_asks_per_kind_of_work(self):
        work = self.work()
        action = self.leaver.action_archive()
        self.assertEqual(action["res_model"], "aftersales.handover")
        self.assertTrue(self.leaver.active)
        dialog = self.env["aftersales.handover"].with_context(**action["context"]).create({})
        lines = {(line.res_model, line.role): line for line in dialog.line_ids}
        line = lines["helpdesk.ticket", "user_id"]
        self.assertEqual((line.count, line.to_user_id), (1, self.leader))
        line.to_user_id = self.leaver
        with self.assertRaisesRegex(UserError, "who stay"), self.cr.savepoint():
            dialog.action_confirm()
        line.to_user_id = self.colleague
        dialog.action_confirm()
        self.assertFalse(self.leaver.active)
        self.assertEqual(work["ticket"].user_id, self.colleague)
        self.assertEqual(work["software"].user_id, self.leader)

    def test_new_work_is_not_given_to_who_has_left(self):
        self.leaver.employee_ids.parent_id = False
        self.leaver.write({"active": False})
        self.assertEqual(self.client.with_context(active_test=False).service_user_id, self.leaver)
        visit = self.env["aftersales.visit"].create(
            {
                "partner_id": self.client.id,
                "company_id": self.company.id,
                "problem": "Closing",
            }
        )
        self.assertNotEqual(visit.with_context(active_test=False).user_id, self.leaver)
        software = self.make_installation(self.client)
        self.assertFalse(software.with_context(active_test=False).user_id & self.leaver)

    def test_specialists_hand_over_nothing(self):
        dialog = self.env["aftersales.handover"].with_user(self.specialist)
        with self.assertRaises(AccessError):
            dialog.create({"user_id": self.leaver.id})
        with self.assertRaises(AccessError):
            self.leaver.with_user(self.specialist)._check_may_hand_over()

    def test_portal_users_are_archived_as_before(self):
        portal = self.make_user("handed_portal", "base.group_portal")
        portal.action_archive()
        self.assertFalse(portal.active)


@tagged("post_install", "-at_install")
class TestHandoverWalk(CoreExamples, handover_common.HandoverWalk):
    open_values = {
        "aftersales.implementation.session": {"date_start": handover_common.FAR},
        "aftersales.archive.entry": {"name": "DA-1", "place": "A"},
    }
