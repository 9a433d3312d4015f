from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ...models.approval.inbox import TIES
from ...models.shared.keys import DELETION, KEY
from ...models.visit.calendar_event import PLAN
from ..visit.visit_common import VisitCommon

MANAGER_MERGE = "base.partner.merge.automatic.wizard"


@tagged("post_install", "-at_install")
class TestGuardKeys(VisitCommon):
    """The key opens one write of one model; operations that need no key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.make_visit().sudo()
        cls.ticket = (
            cls.env["helpdesk.ticket"]
            .create({"name": "Question", "description": "How?", "company_id": cls.company.id})
            .sudo()
        )

    def write_meanwhile(self, write):
        """Call a function during an unlocked write of the visit, with the environment of that write.

        :param write: function called with the visit of that write
        """
        model = type(self.env["aftersales.visit"])
        check = model._check_values

        def meanwhile(visit, vals):
            result = check(visit, vals)
            if "state" in vals:
                write(visit)
            return result

        with patch.object(model, "_check_values", meanwhile):
            self.visit._write_unlocked({"state": "cancelled", "result": "Nobody was there"})

    # === One write === #

    def test_key_opens_the_fields_it_names(self):
        self.visit._write_unlocked({"state": "submitted"})
        self.assertEqual(self.visit.state, "submitted")
        with self.assertRaises(UserError):
            self.visit._unlocked(["name"]).write({"state": "approved"})

    def test_key_opens_one_write(self):
        opened = self.visit._unlocked(["state"])
        opened.write({"state": "submitted"})
        with self.assertRaises(UserError):
            opened.write({"state": "approved"})
        self.assertEqual(self.visit.state, "submitted")

    def test_key_opens_these_records_only(self):
        other = self.make_visit().sudo()
        opened = self.visit._unlocked(["state"])
        with self.assertRaises(UserError):
            other.with_env(opened.env).write({"state": "submitted"})
        with self.assertRaises(UserError):
            (opened | other.with_env(opened.env)).write({"state": "submitted"})

    def test_key_of_a_write_neither_creates_nor_deletes(self):
        opened = self.visit._unlocked(["state", "record_due_date"])
        values = {**self.visit.copy_data()[0], "record_due_date": "2026-01-01"}
        values.pop("state", None)
        with self.assertRaises(UserError):
            opened.create(values)
        approval = self.bring(self.make_visit(), "submitted").sudo().approval_ids
        with self.assertRaises(AccessError):
            approval._unlocked(["decision"]).unlink()
        self.assertTrue(approval.exists())

    def test_key_of_a_creation_creates_no_more_rows(self):
        values = {**self.visit.copy_data()[0], "record_due_date": "2026-01-01"}
        values.pop("state", None)
        opened = self.visit.browse()._unlocked(["record_due_date"], rows=1)
        with self.assertRaises(UserError):
            opened.create([dict(values), dict(values)])
        made = opened.create(dict(values))
        with self.assertRaises(UserError):
            opened.create(dict(values))
        with self.assertRaises(UserError):
            made.with_env(opened.env).write({"record_due_date": "2026-01-02"})

    def test_key_of_a_deletion_writes_nothing(self):
        approval = self.bring(self.make_visit(), "submitted").sudo().approval_ids
        opened = approval._unlocked([DELETION])
        with self.assertRaises(AccessError):
            opened.write({"opinion": "No"})
        with self.assertRaises(AccessError):
            opened.unlink()

    def test_lines_of_a_neighbour_are_not_opened(self):
        visit = self.bring(self.make_visit(), "submitted").sudo()
        opened = visit._unlocked(["state", "approval_ids", "opinion"])
        line = Command.update(visit.approval_ids.id, {"opinion": "Yes"})
        with self.assertRaises(UserError):
            opened.write({"state": "approved", "approval_ids": [line]})
        self.assertEqual(visit.state, "submitted")

    def test_key_opens_no_record_of_another_model_with_the_same_id(self):
        values = {"first_response_on": "2026-01-01 00:00:00"}
        opened = self.visit.browse(self.ticket.id)._unlocked(list(values))
        with self.assertRaisesRegex(UserError, "First Response"):
            self.ticket.with_env(opened.env).write(values)

    def test_other_model_inside_a_write_needs_its_own_key(self):
        def write(visit):
            self.ticket.with_env(visit.env).write({"first_response_on": "2026-01-01 00:00:00"})

        with self.assertRaisesRegex(UserError, "First Response"):
            self.write_meanwhile(write)
        self.write_meanwhile(
            lambda visit: self.ticket.with_env(visit.env)._write_unlocked(
                {"first_response_on": "2026-01-01 00:00:00"}
            )
        )
        self.assertTrue(self.ticket.first_response_on)
        self.assertEqual(self.visit.state, "cancelled")

    def test_second_write_inside_a_write_needs_its_own_key(self):
        model = type(self.env["aftersales.visit"])
        after = model._set_due_dates

        def twice(visit):
            after(visit)
            visit.write({"record_due_date": "2030-01-01"})

        with (
            patch.object(model, "_set_due_dates", twice),
            self.assertRaisesRegex(UserError, "Record Due"),
        ):
            self.visit._write_unlocked(
                {"record_due_date": "2026-01-01", "returned_on": "2026-01-01 00:00:00"}
            )

    def test_key_is_not_seen_below_the_guard(self):
        seen = []
        model = type(self.env["mail.thread"])
        write = model.write

        def look(records, vals):
            seen.append(KEY in records.env.context)
            return write(records, vals)

        with patch.object(model, "write", look):
            self.visit._write_unlocked({"state": "submitted"})
        self.assertEqual(set(seen), {False})

    def test_values_of_a_new_document_stay_as_the_caller_has_them(self):
        values = self.visit.copy_data()[0]
        values.pop("state", None)
        given = dict(values)
        made = self.visit.create(values) | self.visit.create(values)
        self.assertEqual(values, given)
        self.assertEqual(len(set(made.mapped("name"))), 2)

    def test_new_records(self):
        values = {**self.visit.copy_data()[0], "record_due_date": "2026-01-01"}
        values.pop("state", None)
        with self.assertRaises(UserError):
            self.visit.create(dict(values))
        created = self.visit._create_unlocked(dict(values))
        self.assertNotIn(KEY, created.env.context)
        with self.assertRaises(UserError):
            created.write({"record_due_date": "2026-01-02"})

    def test_lent_key_ends(self):
        with self.visit._lend_key("mail.activity", TIES) as lending:
            activities = lending.env["mail.activity"]
        self.assertFalse(activities._get_unlocked_fields())
        self.assertFalse(activities._get_unlocked_fields(rows=1))

    def test_lent_key_opens_no_further_field(self):
        other = self.make_visit().sudo()
        values = {**self.visit.copy_data()[0], "record_due_date": "2026-01-01"}
        values.pop("state", None)
        with self.visit._lend_key("aftersales.visit", ["state"]) as lending:
            opened = lending._unlocked(["record_due_date"])
            opened.write({"state": "submitted", "record_due_date": "2026-01-01"})
            lending.browse()._unlocked(["record_due_date"], rows=1).create(dict(values))
            for records in (lending, opened, other.with_env(opened.env)):
                with self.subTest(records=records), self.assertRaisesRegex(UserError, "Record Due"):
                    records.write({"record_due_date": "2026-01-02"})
            with self.assertRaisesRegex(UserError, "Record Due"):
                lending.create(dict(values))
            other.with_env(opened.env).write({"state": "submitted"})
        self.assertEqual((self.visit | other).mapped("state"), ["submitted"] * 2)

    def test_nothing_from_outside_is_a_key(self):
        for forged in (True, 1, "state", ["state"], ({"model": "aftersales.visit"},), {"a": 1}):
            with self.subTest(forged=forged), self.assertRaises(UserError):
                self.visit.with_context(**{KEY: forged}).write({"state": "submitted"})

    def test_recomputing_passes(self):
        visit = self.bring(self.make_visit(), "feedback")
        self.assertTrue(visit.score_average)

    # === Rows of ours in other models === #

    def test_calendar_entry_of_a_visit(self):
        event = self.bring(self.make_visit(), "approved").calendar_event_id.sudo()
        day = event.start + timedelta(days=1)
        values = {
            "start": day,
            "stop": day,
            "active": False,
            "name": "x",
            "partner_ids": [Command.clear()],
            "user_id": self.manager.id,
        }
        for name in sorted(PLAN):
            with self.subTest(field=name), self.assertRaisesRegex(UserError, "This is the visit"):
                event.write({name: values.get(name, False)})
        with self.assertRaisesRegex(UserError, "This is the visit"):
            event.unlink()
        event.write({"description": "Bring the dongle"})
        other = self.env["calendar.event"].create({"name": "Other", "start": day, "stop": day})
        other.write({"name": "Free", "start": day})
        other.unlink()

    def test_activity_of_an_approval(self):
        visit = self.bring(self.make_visit(), "submitted").sudo()
        activity = visit.activity_ids.filtered("approval_id")[:1].sudo()
        for name in sorted(TIES):
            with self.subTest(field=name), self.assertRaises(UserError):
                activity.write({name: False})
        with self.assertRaises(UserError):
            activity.unlink()
        with self.assertRaises(UserError):
            activity.copy()

    def test_lines_of_a_signed_agreement(self):
        line = self.make_agreement(signed=True).contract_line_ids.sudo()
        for values in ({"quantity": 5}, {"last_date_invoiced": False}, {"date_end": "2030-01-01"}):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "no longer a draft"),
            ):
                line.write(values)
        with self.assertRaisesRegex(UserError, "no longer a draft"):
            line.unlink()
        vals = {"product_id": line.product_id.id, "name": "x", "quantity": 1}
        named = line.with_user(self.specialist).with_context(
            default_contract_id=line.contract_id.id
        )
        for lines, contract in ((named, {}), (line, {"contract_id": line.contract_id.id})):
            with self.assertRaisesRegex(UserError, "no longer a draft"):
                lines.create({**vals, **contract})

    # === What goes without a key === #

    def test_document_deleted_takes_its_rows_along(self):
        visit = self.bring(self.make_visit(), "submitted")
        visit.action_withdraw()
        approvals = visit.sudo().approval_ids
        visit.activity_schedule("mail.mail_activity_data_todo", user_id=self.specialist.id)
        activities = visit.sudo().activity_ids
        self.assertTrue(approvals and activities)
        visit.unlink()
        self.assertFalse(approvals.exists() | approvals.browse())
        self.assertFalse(activities.exists())

    def test_what_is_left_of_a_deleted_document_goes(self):
        visit = self.bring(self.make_visit(), "submitted").sudo()
        activities, event = visit.activity_ids.filtered("approval_id"), visit.calendar_event_id
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM aftersales_visit WHERE id = %s", (visit.id,))
        self.env.invalidate_all()
        activities.unlink()
        self.assertFalse((activities.exists(), event.exists())[0])

    def test_user_archived(self):
        colleague = self.make_user("second", "jinyang_aftersales.group_manager")
        visit = self.bring(self.make_visit(), "submitted").sudo()
        self.assertIn(colleague, visit.activity_ids.user_id)
        colleague.action_archive()
        self.assertNotIn(colleague, visit.activity_ids.user_id)
        self.assertNotIn(colleague, visit.approval_ids.approver_ids)
        self.assertTrue(visit.activity_ids)

    def test_customers_merged(self):
        visit = self.bring(self.make_visit(), "submitted").sudo()
        call = self.env["aftersales.callback"]._open_for(visit, "visit")
        ticket = self.ticket
        ticket.partner_id = self.customer
        other = self.make_customer()
        with mute_logger("odoo.addons.base.partner.merge"):
            self.env[MANAGER_MERGE].create({})._merge((self.customer | other).ids, other)
        self.env.invalidate_all()
        for record in (visit, visit.approval_ids, call.sudo(), ticket):
            self.assertEqual(record.partner_id, other)

    def test_uninstalled(self):
        visit = self.bring(self.make_visit(), "submitted").sudo()
        flagged = visit.approval_ids.with_context(**{MODULE_UNINSTALL_FLAG: True})
        with self.assertRaises(AccessError):
            flagged.unlink()
        module = self.env["ir.module.module"].search([("name", "=", "jinyang_aftersales")])
        module.state = "to remove"
        self.assertIn(DELETION, flagged._get_unlocked_fields())
        flagged.unlink()
        self.assertFalse(visit.approval_ids)

    def test_synchronised_calendar_is_put_back(self):
        visit = self.bring(self.make_visit(), "approved").sudo()
        event = visit.calendar_event_id
        start, messages = event.start, len(visit.message_ids)
        synced = event.with_context(dont_notify=True)
        moved = {
            "name": event.name,
            "start": start + timedelta(days=2),
            "stop": event.stop + timedelta(days=2),
            "partner_ids": [Command.clear()],
            "description": "from my telephone",
        }
        synced.write(moved)
        self.assertEqual(event.start, start)
        self.assertTrue(event.partner_ids)
        self.assertIn("from my telephone", event.description)
        self.assertEqual(len(visit.message_ids), messages + 1)
        self.assertIn("put back", visit.message_ids[0].body)
        # unchanged values from the calendar's synchronisation post no message
        synced.write({"name": event.name, "start": event.start, "stop": event.stop})
        self.assertEqual(len(visit.message_ids), messages + 1)
        synced.write({"active": False})
        self.assertTrue(event.active)
        event._cancel()
        self.assertTrue(event.exists())
        self.assertEqual(len(visit.message_ids), messages + 3)
