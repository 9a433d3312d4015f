"""Only service managers change the service settings, and only of their own companies."""

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .. import common


@tagged("post_install", "-at_install")
class TestServiceSettings(common.AftersalesCommon):
    def settings(self, user, **values):
        return self.env["aftersales.service.settings"].with_user(user).create(values)

    def test_manager_sees_and_changes_the_settings_of_the_company(self):
        self.company.write({"aftersales_notice_months": 2, "aftersales_payment_days": 5})
        with Form(self.env["aftersales.service.settings"].with_user(self.manager)) as form:
            self.assertEqual(form.aftersales_notice_months, 2)
            self.assertEqual(form.aftersales_payment_days, 5)
            self.assertEqual(form.aftersales_tz, "Asia/Shanghai")
            form.aftersales_tz = "Asia/Urumqi"
            form.aftersales_payment_days = 10
            form.aftersales_payment_escalation_days = 0
            form.aftersales_mail_hour = 9.25
            form.aftersales_callback_user_id = self.callback
            self.assertEqual((form.aftersales_complaint_days, form.aftersales_forms_days), (3, 3))
            form.aftersales_complaint_days = 2
            form.aftersales_forms_days = 4
        form.record.action_save()
        self.assertRecordValues(
            self.company,
            [
                {
                    "aftersales_tz": "Asia/Urumqi",
                    "aftersales_notice_months": 2,
                    "aftersales_payment_days": 10,
                    "aftersales_payment_escalation_days": 0,
                    "aftersales_mail_hour": 9.25,
                    "aftersales_callback_user_id": self.callback.id,
                    "aftersales_complaint_days": 2,
                    "aftersales_forms_days": 4,
                }
            ],
        )
        self.assertEqual(self.company.write_uid, self.manager)

    def test_manager_still_cannot_write_the_company(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.manager).aftersales_payment_days = 10

    def test_director_may_and_others_are_refused(self):
        self.settings(self.director, aftersales_payment_days=7).action_save()
        self.assertEqual(self.company.aftersales_payment_days, 7)
        for user in (self.specialist, self.callback, self.archivist, self.accountant):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.settings(user)

    def test_specialist_is_refused_on_the_record_of_a_manager(self):
        settings = self.settings(self.manager, aftersales_payment_days=7).with_user(self.specialist)
        with self.assertRaises(AccessError):
            settings.action_save()
        with self.assertRaises(AccessError):
            settings.sudo().action_save()
        self.assertEqual(self.company.aftersales_payment_days, 3)

    def test_manager_of_another_company_is_refused(self):
        other = self.make_company()
        for values in ({"company_id": other.id}, {"company_id": other.id, "aftersales_tz": "UTC"}):
            with self.assertRaises(AccessError):
                self.settings(self.manager, **values).action_save()
        settings = self.settings(self.manager)
        settings.sudo().company_id = other
        with self.assertRaises(AccessError):
            settings.action_save()
        self.assertEqual(other.partner_id.tz, "Asia/Shanghai")

    @mute_logger("odoo.sql_db")
    def test_impossible_values_are_refused(self):
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.settings(self.manager, aftersales_notice_months=13)
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.company.aftersales_notice_months = 13
            self.env.flush_all()

    def test_who_sends_some_settings_keeps_the_others(self):
        self.company.write({"aftersales_notice_months": 2, "aftersales_mail_hour": 10})
        self.settings(self.manager, aftersales_payment_days=8).action_save()
        self.assertRecordValues(
            self.company,
            [
                {
                    "aftersales_notice_months": 2,
                    "aftersales_mail_hour": 10,
                    "aftersales_payment_days": 8,
                    "aftersales_tz": "Asia/Shanghai",
                }
            ],
        )

    def test_screen_tells_what_is_missing_in_the_set_up(self):
        self.company.email = False
        self.assertIn("no e-mail address", self.settings(self.manager).setup_warnings)
