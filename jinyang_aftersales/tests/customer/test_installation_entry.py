from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestInstallationEntry(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("四川天府商贸有限公司", service_user_id=cls.specialist.id)
        cls.software = cls.make_software("Jinyang ERP")
        cls.model = cls.env["aftersales.installation"].with_user(cls.specialist)

    def new(self, **context):
        return Form(self.model.with_context(default_partner_id=self.customer.id, **context))

    # === Service period === #

    def test_a_new_form_proposes_a_year_from_the_day_of_installation(self):
        """五.6.1"""
        with self.new() as form:
            form.product_id = self.software
            self.assertEqual(form.service_date_start, date(2026, 6, 15))
            self.assertEqual(form.service_date_end, date(2027, 6, 14))
            form.installation_date = date(2026, 3, 1)
            self.assertEqual(form.service_date_end, date(2027, 2, 28))
        self.assertEqual(form.record.service_date_end, date(2027, 2, 28))
        self.assertEqual(form.record.period_ids.origin, "initial")

    def test_the_free_months_of_the_product_decide(self):
        self.software.aftersales_free_months = 3
        none = self.make_software("Bare", aftersales_free_months=0)
        with self.new() as form:
            form.product_id = self.software
            self.assertEqual(form.service_date_end, date(2026, 9, 14))
            form.product_id = none
            self.assertFalse(form.service_date_end or form.service_date_start)
        self.assertFalse(form.record.period_ids)

    def test_what_somebody_has_typed_or_emptied_stays(self):
        with self.new() as form:
            form.product_id = self.software
            form.service_date_end = date(2026, 12, 31)
            form.installation_date = date(2026, 1, 1)
            self.assertEqual(form.service_date_end, date(2026, 12, 31))
            form.service_date_end = False
            form.installation_date = date(2026, 2, 1)
            self.assertFalse(form.service_date_end)

    def test_imports_and_rpc_are_given_no_period_they_do_not_state(self):
        row = self.make_installation(self.customer, self.software)
        self.assertFalse(row.period_ids or row.service_date_end)

    def test_saved_software_keeps_its_period_when_the_day_is_corrected(self):
        row = self.make_installation(self.customer, self.software, end=date(2026, 12, 31))
        with Form(row.with_user(self.specialist)) as form:
            form.installation_date = date(2026, 2, 1)
        self.assertEqual(row.service_date_end, date(2026, 12, 31))

    def test_free_months_are_not_negative(self):
        with self.assertRaises(ValidationError):
            self.software.aftersales_free_months = -1

    # === Serial number === #

    def enter(self, row, user, serial, **values):
        dialog = self.env["aftersales.serial.entry"].with_user(user)
        dialog.create({"installation_id": row.id, "serial_number": serial, **values}).action_apply()

    def test_a_missing_number_is_entered_by_who_hears_it(self):
        for user in (self.colleague, self.callback):
            row = self.make_installation(self.customer, serial=False)
            self.assertTrue(row.with_user(user).can_enter_serial)
            self.enter(row, user, f" jy－{user.id} ")
            self.assertEqual(row.serial_number, f"JY-{user.id}")
            self.assertEqual(row.serial_ids.issued_by_id, user)

    def test_a_number_is_replaced_by_its_specialist_or_a_manager_only(self):
        row = self.make_installation(self.customer, serial="OLD-1")
        for user in (self.colleague, self.callback, self.developer, self.archivist):
            self.assertFalse(row.with_user(user).can_enter_serial)
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.enter(row, user, "NEW-1")
        for number, user in enumerate((self.specialist, self.manager)):
            self.enter(row, user, f"NEW-{number}", serial_reason="typed wrongly")
        self.assertEqual(row.serial_number, "NEW-1")
        self.assertEqual(row.serial_ids[1].reason, "typed wrongly")

    def test_other_roles_enter_no_number(self):
        row = self.make_installation(self.customer, serial=False)
        for user in (self.developer, self.archivist):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.enter(row, user, "X-1")

    def test_a_number_in_use_is_refused_and_an_empty_one(self):
        self.make_installation(self.make_customer("另一客户"), serial="USED-1")
        row = self.make_installation(self.customer, serial=False)
        with self.assertRaisesRegex(ValidationError, "USED-1"), self.cr.savepoint():
            self.enter(row, self.colleague, "used-1")
        with self.assertRaises(UserError), self.cr.savepoint():
            self.enter(row, self.colleague, "   ")

    # === Form === #

    def test_the_status_bar_is_the_service_state(self):
        arch = self.model.get_view(
            self.env.ref("jinyang_aftersales.aftersales_installation_view_form").id, "form"
        )["arch"]
        self.assertRegex(arch, r'name="service_state"[^>]*widget="statusbar"')
        self.assertNotRegex(arch, r'name="serial_state"[^>]*widget="statusbar"')

    def test_the_button_leads_to_the_customer(self):
        row = self.make_installation(self.customer)
        action = row.with_user(self.specialist).action_view_customer()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.customer.id))
