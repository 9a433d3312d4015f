"""The kind of a program change decides whether the customer's stamped paper is owed (五.4.1, M04)."""

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .. import common
from .change_common import ChangeCommon

NO_PAPER = {"scan": False, "original_holder_id": False}


@tagged("post_install", "-at_install")
class TestChangeKind(ChangeCommon):
    @classmethod
    def file_by_customer(cls, **values):
        """A request as the portal makes it: for the customer, then filed in the customer's name."""
        portal = cls.make_user("kind portal", "base.group_portal", partner_id=cls.contact.id)
        changes = cls.env["aftersales.change.request"].with_user(portal).sudo()
        change = changes.create(
            {
                "partner_id": cls.customer.id,
                "contact_id": cls.contact.id,
                "company_id": cls.company.id,
                "title": "x",
                "description": "x",
                **values,
            }
        )
        change._filed("x")
        return change.with_user(cls.specialist).sudo(False)

    def test_kind_is_the_specialists_while_draft_and_a_managers_after_m04(self):
        change = self.make_change(kind="change")
        change.kind = "need"
        change.action_submit()
        for user in (self.specialist, self.manager, self.director):
            with self.assertRaisesRegex(UserError, "manager corrects its kind"):
                change.with_user(user).kind = "bug"
        with self.assertRaisesRegex(UserError, "service manager"):
            change.action_correct_kind("bug", "It is one")
        with self.assertRaisesRegex(UserError, "why"):
            change.with_user(self.manager).action_correct_kind("bug", " ")
        with self.assertRaisesRegex(UserError, "right kind"):
            change.with_user(self.manager).action_correct_kind("gift", "It is one")
        change.with_user(self.manager).action_correct_kind("bug", "It never worked")
        self.assertRecordValues(
            change,
            [
                {
                    "kind": "bug",
                    "kind_filed": "need",
                    "kind_changed_on": self.today,
                    "kind_changed_by_id": self.manager.id,
                }
            ],
        )
        self.assertIn("It never worked", "".join(change.sudo().message_ids.mapped("body")))

    def test_paper_is_owed_for_what_was_asked_whatever_it_is_called_later_m04(self):
        change = self.make_change(state="submitted", kind="change", **NO_PAPER)
        change.confirmed_need = "Two columns"
        change.with_user(self.manager).action_correct_kind("bug", "It never worked")
        with self.assertRaisesRegex(UserError, "Stamped Scan"):
            change.action_confirm()

    def test_withdrawing_opens_no_way_to_another_kind_m04(self):
        change = self.make_change(state="submitted", kind="change", **NO_PAPER)
        change.action_withdraw()
        with self.assertRaisesRegex(UserError, "manager corrects its kind"):
            change.kind = "bug"
        with self.assertRaises(UserError):
            change.web_save({"kind": "bug"}, {"state": {}})
        change.with_user(self.manager).action_correct_kind("bug", "It never worked")
        change.action_submit()
        self.assertEqual(change.kind_filed, "change")

    def test_kind_a_customer_filed_is_no_specialists_m04(self):
        change = self.file_by_customer(kind="need")
        self.assertEqual(change.kind_filed, "need")
        with self.assertRaisesRegex(UserError, "manager corrects its kind"):
            change.kind = "bug"

    def test_kind_as_filed_is_written_by_nobody_m04(self):
        change = self.make_change(state="submitted", kind="change")
        for values in (
            {"kind_filed": "bug"},
            {"kind_changed_on": False},
            {"kind_changed_by_id": self.colleague.id},
        ):
            for record in (change, change.with_user(self.manager), change.sudo()):
                with self.assertRaises(UserError):
                    record.write(values)
        made = self.make_change(user=self.specialist)
        self.assertFalse(made.kind_filed)
        with self.assertRaises(UserError):
            self.make_change(kind_filed="bug")

    def test_closed_requests_keep_their_kind_m04(self):
        for state in ("refused", "cancelled", "done"):
            change = self.make_change(state=state).with_user(self.manager)
            with self.assertRaises(UserError):
                change.action_correct_kind("bug", "It is one")

    def test_dialogue_corrects_the_kind_m04(self):
        change = self.make_change(state="submitted").with_user(self.manager)
        self.assertTrue(change.can_correct_kind)
        self.assertFalse(change.with_user(self.specialist).can_correct_kind)
        action = change.action_open_correct_kind()
        step = self.env["aftersales.change.step"].with_user(self.manager)
        step = step.with_context(**action["context"]).create({"kind": "need", "note": "New"})
        step.action_confirm()
        self.assertEqual((change.kind, change.kind_filed), ("need", "change"))
        foreign = self.env["aftersales.change.step"].with_context(**action["context"])
        for user in (self.specialist, self.developer):
            with self.assertRaises(UserError):
                foreign.with_user(user).create({"kind": "bug", "note": "x"}).action_confirm()

    @freeze_time("2026-03-12 02:00:00")
    def test_upgrade_keeps_kind_and_tracked_corrections_m04(self):
        filed, changed = (self.make_change(state="submitted", kind="change") for _n in range(2))
        draft = self.make_change(kind="bug")
        self.env.flush_all()
        self.cr.precommit.run()
        with freeze_time("2026-03-13 02:00:00"):
            changed.with_user(self.manager).action_correct_kind("bug", "It never worked")
            self.env.flush_all()
            self.cr.precommit.run()
        self.cr.execute(
            "UPDATE aftersales_change_request"
            " SET kind_filed = NULL, kind_changed_on = NULL, kind_changed_by_id = NULL"
        )
        common.load_migration("19.0.3.0.0/pre-change.py").migrate(self.cr, "19.0.2.0.0")
        self.env.invalidate_all()
        self.assertRecordValues(
            filed | changed | draft,
            [
                {"kind_filed": "change", "kind_changed_on": False},
                {"kind_filed": "bug", "kind_changed_on": self.day("2026-03-13")},
                {"kind_filed": False, "kind_changed_on": False},
            ],
        )
        self.assertEqual(changed.kind_changed_by_id, self.manager)
