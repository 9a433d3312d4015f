"""Originals of customers' requests: with us from the day staff say so, whatever is decided later (五.7, M08)."""

import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .. import common

PDF = base64.b64encode(b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n")
APPLICATION, CHANGE = "aftersales.application", "aftersales.change.request"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-12 02:00:00")
class TestOriginal(common.AftersalesCommon):
    """Today is a Thursday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("武汉恒达机械有限公司")
        cls.contact = cls.customer.software_contact_id
        cls.thursday, cls.friday = cls.day("2026-03-12"), cls.day("2026-03-13")

    @classmethod
    def make(cls, model, user=None, **values):
        start = {"title": "送货单增加司机"} if model == CHANGE else {"kind": "data_clearing"}
        return (
            cls.env[model]
            .with_user(user or cls.specialist)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "contact_id": cls.contact.id,
                    "company_id": cls.company.id,
                    "description": "2019 年的订单",
                    **start,
                    **values,
                }
            )
        )

    def refuse(self, document):
        document.action_submit()
        if document._name == CHANGE:
            document.confirmed_need = "两栏"
            document.action_confirm()
        document.with_user(self.manager).action_refuse("No")
        return document

    # === Receipt === #

    def test_entry_opens_on_the_day_the_paper_is_in_our_hands_m08(self):
        for model, values, kind, due in (
            (APPLICATION, {}, "data_clearing", self.friday),
            (APPLICATION, {"kind": "password"}, "password_recovery", self.friday),
            # 五.7.4: once the need is confirmed
            (CHANGE, {}, "change_request", False),
        ):
            with self.subTest(kind=kind):
                document = self.make(model, original_holder_id=self.specialist.id, **values)
                self.assertEqual(document.original_received_on, self.thursday)
                self.assertRecordValues(
                    document.archive_entry_ids,
                    [
                        {
                            "kind": kind,
                            "state": "expected",
                            "document_name": document.name,
                            "partner_id": self.customer.id,
                            "holder_id": self.specialist.id,
                            "came_on": self.thursday,
                            "date_deadline": due,
                        }
                    ],
                )
                self.assertEqual(document.original_state, "expected")

    def test_holder_by_a_default_of_the_caller_opens_an_entry_too_m08(self):
        applications = self.env[APPLICATION].with_user(self.specialist)
        applications = applications.with_context(default_original_holder_id=self.specialist.id)
        application = applications.create(
            {"kind": "data_clearing", "partner_id": self.customer.id, "company_id": self.company.id}
        )
        self.assertEqual(application.original_received_on, self.thursday)
        self.assertEqual(application.archive_entry_ids.holder_id, self.specialist)

    def test_scan_opens_no_entry_and_the_original_is_expected_from_the_customer_m08(self):
        for model in (APPLICATION, CHANGE):
            document = self.make(model, scan=PDF, scan_name="fax.pdf")
            document.action_submit()
            if model == CHANGE:
                document.confirmed_need = "两栏"
                document.action_confirm()
            document.with_user(self.manager).action_approve(
                "OK", *([{"date_promised": self.day("2026-03-30")}] if model == CHANGE else [])
            )
            self.assertFalse(document.archive_entry_ids)
            self.assertEqual(document.original_state, "customer")
            search = self.env[model].with_user(self.specialist).search
            self.assertIn(document, search([("original_state", "=", "customer")]))
            # it comes by post after the approval
            document.original_holder_id = self.specialist
            self.assertEqual(document.archive_entry_ids.date_deadline, self.friday)
            self.assertNotIn(document, search([("original_state", "=", "customer")]))
            self.assertIn(document, search([("original_state", "=", "expected")]))
            self.assertNotIn(document, search([("original_state", "=", False)]))
            self.assertIn(document, search([("original_state", "!=", "filed")]))

    def test_time_to_hand_in_a_change_begins_with_the_confirmation_m08(self):
        change = self.make(CHANGE, original_holder_id=self.specialist.id)
        change.action_submit()
        entry = change.archive_entry_ids
        with freeze_time("2026-03-16 02:00:00"):
            change.confirmed_need = "两栏"
            change.action_confirm()
            self.assertEqual(entry.date_deadline, self.day("2026-03-17"))
        with freeze_time("2026-03-18 02:00:00"):
            # taking the confirmation back takes no duty back, and a second one moves no day
            change.action_unconfirm()
            self.assertEqual(entry.state, "expected")
            change.action_confirm()
            self.assertEqual(entry.date_deadline, self.day("2026-03-17"))

    def test_receipt_recorded_later_is_not_overdue_at_once_m08(self):
        application = self.make(
            APPLICATION, original_holder_id=self.specialist.id, original_received_on="2026-03-02"
        )
        entry = application.archive_entry_ids
        self.assertEqual(
            (entry.came_on, entry.date_deadline), (self.day("2026-03-02"), self.thursday)
        )
        self.assertFalse(entry.is_overdue)

    def test_receipt_names_a_colleague_and_a_day_that_has_come_m08(self):
        portal = self.make_user("customer", "base.group_portal")
        for values in (
            {"original_received_on": "2026-03-12"},
            {"original_holder_id": self.specialist.id, "original_received_on": "2026-03-13"},
            {"original_holder_id": portal.id},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.make(APPLICATION, **values)

    def test_colleague_named_as_holder_is_told_m08(self):
        application = self.make(APPLICATION, original_holder_id=self.colleague.id)
        activity = application.archive_entry_ids.sudo().activity_ids
        self.assertEqual(activity.user_id, self.colleague)
        self.assertIn(application.name, activity.note)
        own = self.make(APPLICATION, original_holder_id=self.specialist.id)
        self.assertFalse(own.archive_entry_ids.sudo().activity_ids)

    def test_form_proposes_nobody_and_the_day_of_today_m08(self):
        form = Form(self.env[APPLICATION].with_user(self.specialist))
        form.kind = "data_clearing"
        form.partner_id = self.customer
        self.assertFalse(form.original_holder_id)
        form.original_holder_id = self.specialist
        self.assertEqual(form.original_received_on, self.thursday)

    def test_recorded_receipt_is_fixed_and_the_archive_alone_withdraws_it_m08(self):
        for model in (APPLICATION, CHANGE):
            document = self.make(model, original_holder_id=self.specialist.id)
            for values in (
                {"original_holder_id": self.colleague.id},
                {"original_holder_id": False, "original_received_on": False},
                {"original_received_on": "2026-03-01"},
            ):
                for record in (document, document.with_user(self.manager), document.sudo()):
                    with self.assertRaisesRegex(UserError, "recorded already"):
                        record.write(values)
            with self.assertRaisesRegex(UserError, "in our hands"):
                document.unlink()
            entry = document.archive_entry_ids
            with self.assertRaises(AccessError):
                entry.action_withdraw("By mistake")
            with self.assertRaises(UserError):
                entry.with_user(self.archivist).came_on = "2026-03-01"
            entry.with_user(self.archivist).action_withdraw("By mistake")
            self.assertFalse(document.original_holder_id)
            self.assertFalse(document.original_received_on)
            document.original_holder_id = self.colleague
            self.assertRecordValues(entry, [{"state": "expected", "holder_id": self.colleague.id}])
            entry.with_user(self.archivist).action_withdraw("By mistake")
            entry.with_user(self.archivist).action_reopen()
            self.assertEqual(document.original_holder_id, self.colleague)

    def test_entry_follows_the_customer_of_a_draft_m08(self):
        application = self.make(APPLICATION, original_holder_id=self.specialist.id)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            application.kind = "password"
        other = self.make_customer("长江印务")
        application.write({"partner_id": other.id, "contact_id": other.software_contact_id.id})
        self.assertEqual(application.archive_entry_ids.partner_id, other)

    # === Refused === #

    def test_paper_stays_expected_whatever_is_decided_m08(self):
        for model in (APPLICATION, CHANGE):
            refused = self.refuse(self.make(model, original_holder_id=self.specialist.id))
            cancelled = self.make(model, original_holder_id=self.specialist.id)
            cancelled.action_cancel()
            for document in (refused, cancelled):
                self.assertRecordValues(
                    document.archive_entry_ids,
                    [
                        {
                            "state": "expected",
                            "holder_id": self.specialist.id,
                            "date_deadline": self.friday,
                        }
                    ],
                )
            entry = refused.archive_entry_ids.with_user(self.archivist)
            entry.place = "Cabinet A"
            entry.action_file()
            self.assertEqual(refused.original_state, "filed")

    def test_paper_of_a_refused_request_is_given_back_by_the_archive_m08(self):
        application = self.refuse(self.make(APPLICATION, original_holder_id=self.specialist.id))
        entry = application.archive_entry_ids
        right = (self.contact.id, "2026-03-12", "By post, SF 100")
        with self.assertRaises(AccessError):
            entry.action_give_back(*right)
        entry = entry.with_user(self.archivist)
        self.assertTrue(entry.can_give_back)
        stranger = self.make_customer().software_contact_id
        for wrong in (
            (stranger.id, "2026-03-12", "By post"),
            (False, "2026-03-12", "By post"),
            (self.contact.id, "2026-03-13", "By post"),
            (self.contact.id, False, "By post"),
            (self.contact.id, "2026-03-12", " "),
        ):
            with self.assertRaises(UserError):
                entry.action_give_back(*wrong)
        form = Form(
            self.env["aftersales.archive.step"]
            .with_user(self.archivist)
            .with_context(default_action="action_give_back", default_entry_ids=entry.ids)
        )
        form.contact_id = self.contact
        form.note = "By post, SF 100"
        form.save().action_confirm()
        self.assertRecordValues(
            entry,
            [
                {
                    "state": "returned",
                    "returned_on": self.thursday,
                    "returned_to_id": self.contact.id,
                    "returned_how": "By post, SF 100",
                }
            ],
        )
        self.assertFalse(entry.is_overdue)
        # taken up again, the request needs its paper again
        application.action_draft()
        self.assertFalse(application.original_holder_id)
        with self.assertRaisesRegex(UserError, "Stamped Scan"):
            application.action_submit()
        application.original_holder_id = self.specialist
        self.assertRecordValues(entry, [{"state": "expected", "returned_to_id": False}])

    def test_paper_that_is_needed_is_not_given_back_m08(self):
        application = self.make(APPLICATION, original_holder_id=self.specialist.id)
        entry = application.archive_entry_ids.with_user(self.archivist)
        self.assertFalse(entry.can_give_back)
        with self.assertRaisesRegex(UserError, "still needed"):
            entry.action_give_back(self.contact.id, "2026-03-12", "By post")
        for values in ({"state": "returned"}, {"returned_on": "2026-03-12"}):
            for record in (entry, entry.with_user(self.manager), entry.sudo()):
                with self.assertRaises(UserError):
                    record.write(values)

    # === Registers === #

    def test_upgrade_moves_the_days_nobody_changed_m08(self):
        registers = self.env["aftersales.archive.register"].search([])
        self.assertEqual(
            {row.kind for row in registers if row.deadline_days == 1},
            {"change_request", "data_clearing", "password_recovery"},
        )
        rows = {row.kind: row for row in registers if row.company_id == self.company}
        rows["data_clearing"].deadline_days = 3
        rows["password_recovery"].deadline_days = 5
        self.env.flush_all()
        migration = common.load_migration("19.0.3.0.0/post-archive.py")
        migration.migrate(self.cr, "19.0.2.0.0")
        self.env.invalidate_all()
        days = [
            rows[kind].deadline_days for kind in ("data_clearing", "password_recovery", "appraisal")
        ]
        self.assertEqual(days, [1, 5, 3])
