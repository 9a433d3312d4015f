from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...activities import SERIAL_ACTIVITY
from ..visit.visit_common import drawing
from .implementation_common import ImplementationCommon


@tagged("post_install", "-at_install")
class TestImplementationSoftware(ImplementationCommon):
    """Which software an acceptance makes or changes, and what it asks for before (五.6.1-2)."""

    def result(self, row, user=None, **values):
        dialog = self.env["aftersales.implementation.result"].with_user(user or self.specialist)
        return dialog.create({"implementation_id": row.id, **values}).action_confirm()

    # === The row that is there === #

    def test_software_of_the_customer_is_proposed(self):
        software = self.make_installation(self.customer, self.software, end=self.day("2027-01-31"))
        self.make_installation(self.customer)
        self.make_installation(product=self.software)
        row = self.make()
        self.assertEqual(row.installation_id, software)
        self.assertFalse(row.service_end)

    def test_acceptance_updates_the_row_that_exists(self):
        row = self.make("finished", serial_issued="JY-1", version="V9")
        software = self.make_installation(self.customer, self.software, serial=False)
        self.sign(row)
        self.assertEqual(row.installation_id, software)
        self.assertEqual(self.customer.installation_ids, software)
        self.assertEqual((software.serial_number, software.version), ("JY-1", "V9"))
        self.assertEqual(software.service_date_end, date(2027, 11, 15))

    def test_a_second_number_needs_a_decision(self):
        row = self.make("finished", serial_issued="JY-2")
        software = self.make_installation(self.customer, self.software, serial="JY-1")
        row.write({"signed_by_id": self.contact.id, "customer_signature": drawing()})
        with self.assertRaisesRegex(UserError, "further"), self.cr.savepoint():
            row.action_sign()
        self.assertEqual(row.action_accept()["res_model"], "aftersales.implementation.result")
        self.result(row, is_further=True)
        self.sign(row)
        self.assertEqual(len(self.customer.installation_ids), 2)
        self.assertEqual(software.serial_number, "JY-1")

    def test_the_chosen_software_gets_the_new_number(self):
        row = self.make("finished", serial_issued="JY-2")
        software = self.make_installation(self.customer, self.software, serial="JY-1")
        self.result(row, installation_id=software.id)
        self.sign(row)
        self.assertEqual(self.customer.installation_ids.serial_number, "JY-2")

    def test_several_that_may_be_meant_need_a_choice(self):
        first = self.make_installation(self.customer, self.software, serial=False)
        self.make_installation(self.customer, self.software, serial=False)
        row = self.make("finished", serial_issued="JY-3")
        self.assertFalse(row.installation_id)
        with self.assertRaisesRegex(UserError, "Choose"), self.cr.savepoint():
            self.sign(row)
        self.result(row, installation_id=first.id)
        self.sign(row)
        self.assertEqual(first.serial_number, "JY-3")

    def test_another_product_takes_the_proposed_software_away(self):
        self.make_installation(self.customer, self.software)
        row = self.make()
        row.product_id = self.make_software("Other")
        self.assertFalse(row.installation_id)

    # === Serial number === #

    def test_acceptance_asks_for_the_number(self):
        row = self.make("finished")
        self.assertTrue(row.lacks_result)
        self.assertEqual(row.action_accept()["res_model"], "aftersales.implementation.result")
        with self.assertRaisesRegex(UserError, "serial number"), self.cr.savepoint():
            self.result(row)
        self.result(row, serial_issued=" jy－5 ")
        self.assertEqual(row.serial_issued, "JY-5")
        self.assertFalse(row.lacks_result)
        row.write({"signed_by_id": self.contact.id, "customer_signature": drawing()})
        self.assertFalse(row.action_accept())
        self.assertEqual(row.state, "accepted")

    def test_the_end_of_the_work_asks_for_the_number(self):
        row = self.make("running")
        dialog = self.env["aftersales.implementation.finish"].with_user(self.specialist)
        action = dialog.create({"implementation_id": row.id, "day": "2026-11-19"}).action_confirm()
        self.assertEqual(action["res_model"], "aftersales.implementation.result")

    def test_a_number_that_comes_later_is_a_task(self):
        row = self.make("finished")
        self.result(row, is_serial_later=True)
        self.sign(row)
        task = row.installation_id.activity_ids
        self.assertEqual(task.activity_type_id, self.env.ref(SERIAL_ACTIVITY))
        self.assertEqual(task.user_id, self.specialist)
        row.installation_id.with_user(self.specialist).serial_number = "JY-6"
        self.assertFalse(row.installation_id.activity_ids)

    def test_a_drawing_for_other_contents_is_asked_for_again(self):
        row = self.make("finished")
        row.write({"signed_by_id": self.contact.id, "customer_signature": drawing()})
        self.result(row, serial_issued="JY-8")
        self.assertFalse(row.customer_signature)

    # === Out of reach === #

    def out_of_reach(self, **values):
        self.customer.service_user_id = self.colleague
        software = self.make_installation(
            self.customer, self.software, user_id=self.colleague.id, **values
        )
        self.assertFalse(software.with_user(self.specialist).has_access("write"))
        return software

    def test_engineers_enter_the_missing_number_of_software_out_of_reach(self):
        software = self.out_of_reach(serial=False)
        row = self.make("finished", serial_issued="JY-9", version="V9")
        self.sign(row)
        self.assertEqual((software.serial_number, software.version), ("JY-9", "V9"))
        self.assertEqual(software.serial_ids.issued_by_id, self.specialist)

    def test_engineers_move_no_period_of_software_out_of_reach(self):
        software = self.out_of_reach(serial=False, end=self.day("2027-01-31"))
        row = self.make("finished", serial_issued="JY-9")
        row.write({"service_start": "2026-11-16", "service_end": "2029-11-15"})
        with self.assertRaisesRegex(UserError, "may not change"), self.cr.savepoint():
            self.sign(row)
        self.assertEqual(software.service_date_end, date(2027, 1, 31))

    # === Period === #

    def test_the_free_service_of_the_product_is_proposed(self):
        self.software.aftersales_free_months = 6
        self.assertEqual(self.make().service_end, date(2027, 5, 15))
        self.software.aftersales_free_months = 0
        self.assertFalse(self.make().service_start)
