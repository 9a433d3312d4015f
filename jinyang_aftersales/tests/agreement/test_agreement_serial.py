from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ...activities import SERIAL_ACTIVITY
from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementSerial(AftersalesCommon):
    """五.2.7, 五.6.4: a paid term needs a new serial number; the state until it is entered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installation = cls.make_installation(end=cls.day("2026-03-31"), serial="OLD-1")
        cls.agreement = cls.make_agreement(
            cls.installation, start=cls.day("2026-04-01"), signed=True
        )
        cls.activity_type = cls.env.ref(SERIAL_ACTIVITY)

    def activities(self, installation=None):
        return (installation or self.installation).activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.activity_type
        )

    def test_the_specialist_is_asked_for_a_new_serial(self):
        self.pay(self.agreement)
        self.assertEqual(self.installation.serial_state, "to_update")
        activity = self.activities()
        self.assertEqual(activity.user_id, self.specialist)
        self.assertEqual(activity.date_deadline, self.day("2026-03-13"))
        self.assertIn("paid", str(self.installation.message_ids.mapped("body")))
        self.assertIn("Payment complete", str(self.agreement.message_ids.mapped("body")))
        # entering the number makes it valid and closes the activities
        self.installation.with_user(self.specialist).serial_number = "NEW-1"
        self.assertEqual(self.installation.serial_state, "valid")
        self.assertFalse(self.activities())

    def test_who_is_asked_when_nobody_is_responsible(self):
        self.installation.user_id = self.colleague
        self.assertEqual(self.agreement._get_serial_user(self.installation), self.colleague)
        self.colleague.active = False
        self.assertEqual(self.agreement._get_serial_user(self.installation), self.specialist)
        self.agreement.user_id = False
        self.installation.partner_id.service_user_id = self.director
        self.assertEqual(self.agreement._get_serial_user(self.installation), self.director)
        self.installation.partner_id.service_user_id = False
        self.assertEqual(self.agreement._get_serial_user(self.installation), self.manager)

    def test_software_without_serial_needs_none(self):
        bare = self.make_installation(serial=False, end=self.day("2026-03-31"))
        agreement = self.make_agreement(bare, start=self.day("2026-04-01"), paid=True)
        self.assertTrue(agreement.paid_on)
        self.assertEqual(bare.service_date_end, self.day("2027-03-31"))
        self.assertEqual(bare.serial_state, "valid")
        self.assertFalse(self.activities(bare))

    def test_undone_before_the_new_serial(self):
        payment = self.pay(self.agreement)
        self.unpay(payment)
        self.assertEqual(self.installation.serial_state, "valid")
        self.assertFalse(self.activities())
        self.assertEqual(self.installation.serial_number, "OLD-1")
        row = self.installation.period_ids.filtered("contract_id")
        self.assertTrue(row.reverted_on)
        self.assertIn("set back to draft", row.revert_reason)
        self.assertIn(self.env.user.name, row.revert_reason)
        self.assertIn("Payment undone", str(self.agreement.message_ids.mapped("body")))
        self.assertIn("taken back", str(self.installation.message_ids.mapped("body")))

    def test_undone_after_the_new_serial(self):
        payment = self.pay(self.agreement)
        self.installation.with_user(self.specialist).serial_number = "NEW-1"
        self.unpay(payment)
        self.assertEqual(self.installation.service_date_end, self.day("2026-03-31"))
        self.assertEqual(self.installation.serial_number, "NEW-1")
        self.assertEqual(self.installation.serial_state, "to_update")
        self.assertEqual(self.activities().user_id, self.specialist | self.manager)
        self.assertIn("undone", str(self.activities()[0].note))

    def test_paid_undone_and_paid_again(self):
        payment = self.pay(self.agreement)
        for _turn in range(3):
            self.unpay(payment)
            payment.action_post()
            self.commit()
        rows = self.installation.period_ids.filtered("contract_id")
        self.assertEqual(len(rows), 4)
        self.assertEqual(len(rows.filtered("effective")), 1)
        self.assertEqual(len(self.activities()), 1)

    def test_nothing_happens_twice(self):
        self.pay(self.agreement)
        rows = self.installation.period_ids
        messages = self.agreement.message_ids | self.installation.message_ids
        for _turn in range(3):
            self.agreement._sync_payment()
            self.agreement.invoice_ids._sync_service_agreements()
        self.commit()
        self.assertEqual(self.installation.period_ids, rows)
        self.assertEqual(self.agreement.message_ids | self.installation.message_ids, messages)
        self.assertEqual(len(self.activities()), 1)

    def test_the_first_of_two_paid_terms_is_undone(self):
        """The serial number of the second one is still to come."""
        payment = self.pay(self.agreement)
        following = self.make_agreement(
            self.installation, start=self.day("2027-04-01"), renewal_of_id=self.agreement.id
        )
        self.sign(following)
        self.pay(following)
        self.assertEqual(self.installation.service_date_end, self.day("2028-03-31"))
        self.assertEqual(self.installation.service_date_start, self.day("2025-04-01"))
        self.unpay(payment)
        self.assertEqual(self.installation.service_date_end, self.day("2028-03-31"))
        self.assertEqual(self.installation.serial_state, "to_update")
        self.assertEqual(len(self.activities()), 1)

    def test_a_term_in_the_future_and_a_lapsed_customer(self):
        lapsed = self.make_installation(end=self.day("2025-01-31"))
        self.make_agreement(
            lapsed, start=self.day("2026-05-01"), end=self.day("2027-04-30"), paid=True
        )
        # the two periods are not contiguous: only the new one counts
        self.assertEqual(lapsed.service_date_start, self.day("2026-05-01"))
        self.assertEqual(lapsed.service_date_end, self.day("2027-04-30"))
        self.assertEqual(lapsed.service_state, "none")
        with freeze_time("2026-05-01 04:00:00"):
            lapsed.invalidate_recordset()
            self.assertEqual(lapsed.service_state, "in_service")

    def test_changed_by_hand_in_between(self):
        self.installation.with_user(self.specialist)._change_period(
            self.day("2025-04-01"), self.day("2027-12-31"), "promised"
        )
        payment = self.pay(self.agreement)
        # the agreement's end wins once it is paid
        self.assertEqual(self.installation.service_date_end, self.day("2027-03-31"))
        self.unpay(payment)
        self.assertEqual(self.installation.service_date_end, self.day("2027-12-31"))

    def test_the_day_of_payment_is_the_one_of_the_money(self):
        self.pay(self.agreement, amount=400, day=self.day("2026-03-01"))
        self.assertFalse(self.agreement.paid_on)
        self.pay(self.agreement, day=self.day("2026-03-08"))
        self.assertEqual(self.agreement.paid_on, self.day("2026-03-08"))

    def test_notices_are_told_that_ends_moved(self):
        notices = self.env.registry["aftersales.renewal.notice"]
        with patch.object(notices, "_reconcile", autospec=True) as reconcile:
            payment = self.pay(self.agreement)
            self.assertEqual(reconcile.call_count, 1)
            self.assertEqual(reconcile.call_args.args[1], self.company)
            self.unpay(payment)
            self.assertEqual(reconcile.call_count, 2)
            self.agreement._sync_payment()
            self.assertEqual(reconcile.call_count, 2)

    def count_queries(self, number):
        """Number of queries after the payment of an agreement over a number of installations."""
        customer = self.make_customer()
        installations = self.env["aftersales.installation"].union(
            *(
                self.make_installation(customer, self.product, end=self.day("2026-03-31"))
                for _turn in range(number)
            )
        )
        agreement = self.make_agreement(installations, start=self.day("2026-04-01"), signed=True)
        sync = self.env.registry["contract.contract"]._sync_payment
        with patch.object(self.env.registry["contract.contract"], "_sync_payment"):
            self.pay(agreement)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        sync(agreement)
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(set(installations.mapped("serial_state")), {"to_update"})
        return queries

    def test_queries_for_one_and_for_twenty_installations(self):
        self.product = self.make_software()
        self.count_queries(1)
        one, twenty = self.count_queries(1), self.count_queries(20)
        self.assertLessEqual(one, 60)
        # one new row for each installation, with its dependent rows
        self.assertLessEqual((twenty - one) / 19, 2.5, f"{one} for one, {twenty} for twenty")
