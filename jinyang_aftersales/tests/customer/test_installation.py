from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestInstallation(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("四川天府商贸有限公司", service_user_id=cls.specialist.id)
        cls.installation = cls.make_installation(
            cls.customer,
            serial_number="jd-0001",
            service_date_start=date(2026, 1, 1),
            service_date_end=date(2026, 12, 31),
        )

    # Serial numbers

    def test_serial_is_stored_in_one_spelling(self):
        self.assertEqual(self.installation.serial_number, "JD-0001")

    def test_a_serial_is_unique_in_its_company_and_the_error_names_the_customer(self):
        for typed in ("JD-0001", " jd-0001", "ｊｄ－０００１"):
            with self.assertRaisesRegex(ValidationError, "JD-0001.*四川天府商贸有限公司"):
                self.make_installation(self.make_customer("另一客户"), serial_number=typed)

    def test_a_duplicate_names_no_customer_to_who_may_not_read_it(self):
        company = self.env["res.company"].create({"name": "分公司"})
        self.specialist.company_ids |= company
        self.make_installation(
            self.make_customer("秘密客户"), company_id=company.id, serial_number="X-1"
        )
        mine = self.make_installation(self.customer, user_id=self.specialist.id)
        hidden = mine.with_user(self.specialist).with_context(allowed_company_ids=self.company.ids)
        # the same serial number is allowed in another company
        hidden.serial_number = "X-1"
        self.env["ir.rule"].create(
            {
                "name": "hide",
                "model_id": self.env["ir.model"]._get_id("aftersales.installation"),
                "domain_force": [("id", "!=", self.installation.id)],
            }
        )
        with self.assertRaises(ValidationError) as caught:
            hidden.serial_number = "JD-0001"
        self.assertNotIn("四川天府", str(caught.exception))

    def test_one_serial_for_two_installations_at_once_is_refused(self):
        other = self.make_installation(self.customer)
        with self.assertRaisesRegex(ValidationError, "more than once"):
            (self.installation | other).serial_number = "JD-0002"

    def test_a_swap_of_company_is_checked_too(self):
        company = self.env["res.company"].create({"name": "分公司"})
        other = self.make_installation(
            self.customer, company_id=company.id, serial_number="JD-0001"
        )
        with self.assertRaisesRegex(ValidationError, "四川天府"):
            other.company_id = self.company

    def test_an_archived_installation_keeps_its_serial(self):
        self.installation.active = False
        with self.assertRaises(ValidationError):
            self.make_installation(self.customer, serial_number="JD-0001")

    def test_the_database_itself_refuses_a_duplicate(self):
        other = self.make_installation(self.customer, serial_number="JD-0002")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE aftersales_installation SET serial_key = 'JD0001' WHERE id = %s",
                [other.id],
            )

    def test_many_installations_may_have_no_serial(self):
        self.make_installation(self.customer, serial=False)
        self.make_installation(self.customer, serial="")

    def test_history_tells_who_replaced_a_serial_and_when(self):
        installation = self.installation.with_user(self.specialist)
        installation.serial_number = "JD-0009"
        new, old = installation.serial_ids
        self.assertEqual((old.serial_number, new.serial_number), ("JD-0001", "JD-0009"))
        self.assertEqual(old.replaced_by_id, self.specialist)
        self.assertTrue(old.replaced_on)
        self.assertFalse(new.replaced_on)
        self.assertEqual(new.issued_by_id, self.specialist)

    def test_history_tells_why_a_serial_was_replaced(self):
        mine = self.installation.with_user(self.specialist)
        with Form(mine) as form:
            form.serial_number = "JD-0011"
            form.serial_reason = "typed wrongly"
        mine.serial_state = "irregular"
        mine.serial_number = "JD-0012"
        mine.serial_state = "to_update"
        mine.serial_number = "JD-0013"
        mine.serial_number = "JD-0014"
        self.assertEqual(
            self.installation.serial_ids.mapped("reason"),
            [False, False, "New service period", "Used Irregularly", "typed wrongly"],
        )
        self.assertFalse(mine.serial_reason)

    def test_writing_the_same_serial_is_no_replacement(self):
        self.installation.serial_number = "jd-0001 "
        self.assertEqual(len(self.installation.serial_ids), 1)

    def test_a_new_serial_is_valid_and_closes_the_reminder(self):
        self.installation.serial_state = "to_update"
        self.installation.activity_schedule(
            "jinyang_aftersales.mail_activity_update_serial", user_id=self.specialist.id
        )
        self.installation.serial_number = "JD-0010"
        self.assertEqual(self.installation.serial_state, "valid")
        self.assertFalse(self.installation.activity_ids)

    # Service period

    def test_dates_at_creation_are_the_first_period(self):
        period = self.installation.period_ids
        self.assertRecordValues(
            period,
            [{"origin": "initial", "date_start": date(2026, 1, 1), "date_end": date(2026, 12, 31)}],
        )

    def test_service_begins_on_the_day_of_installation_by_default(self):
        """五.6.1"""
        installation = self.make_installation(
            self.customer, installation_date=date(2026, 2, 3), service_date_end=date(2027, 2, 2)
        )
        self.assertEqual(installation.service_date_start, date(2026, 2, 3))

    def test_the_end_cannot_be_written_without_a_reason(self):
        with self.assertRaises(UserError):
            self.installation.service_date_end = date(2030, 1, 1)

    def test_a_change_by_hand_needs_a_reason_and_is_history(self):
        installation = self.installation.with_user(self.specialist)
        with self.assertRaises(UserError):
            installation._change_period(date(2026, 1, 1), date(2026, 9, 30), "  ")
        wizard = Form(
            self.env["aftersales.service.period.change"]
            .with_user(self.specialist)
            .with_context(default_installation_id=installation.id)
        )
        self.assertEqual(wizard.date_end, date(2026, 12, 31))
        wizard.date_end = date(2026, 9, 30)
        wizard.reason = "客户提前停用"
        wizard.save().action_apply()
        self.assertEqual(installation.service_date_end, date(2026, 9, 30))
        self.assertEqual(len(installation.period_ids), 2)
        last = installation.period_ids.filtered("effective")
        self.assertEqual((last.origin, last.reason), ("manual", "客户提前停用"))
        self.assertEqual(last.recorded_by_id, self.specialist)
        self.assertIn("客户提前停用", installation.message_ids[0].body)

    def test_contiguous_periods_keep_the_first_start_and_a_gap_begins_anew(self):
        self.installation._add_period("manual", date(2026, 1, 1), date(2026, 12, 31), reason="x")
        following = self.installation._add_period("initial", date(2027, 1, 1), date(2027, 12, 31))
        self.assertEqual(self.installation.service_date_start, date(2026, 1, 1))
        self.assertEqual(self.installation.service_date_end, date(2027, 12, 31))
        following.reverted_on = "2026-06-15 04:00:00"
        self.assertEqual(self.installation.service_date_end, date(2026, 12, 31))
        self.installation._add_period("initial", date(2028, 1, 1), date(2028, 12, 31))
        self.assertEqual(self.installation.service_date_start, date(2028, 1, 1))

    def test_what_a_reverted_period_replaced_counts_again(self):
        period = self.installation._add_period(
            "manual", date(2026, 1, 1), date(2026, 6, 30), reason="x"
        )
        self.assertEqual(self.installation.service_date_end, date(2026, 6, 30))
        period.reverted_on = "2026-06-15 04:00:00"
        self.assertEqual(self.installation.service_date_end, date(2026, 12, 31))

    def test_a_period_cannot_end_before_it_begins(self):
        with self.assertRaises(ValidationError):
            self.installation._change_period(date(2026, 6, 1), date(2026, 5, 1), "typo")

    def test_a_period_beyond_all_reckoning_is_refused_in_words(self):
        installation = self.make_installation(end=date(2026, 12, 31))
        with self.assertRaisesRegex(ValidationError, "up to .*2999"):
            installation._change_period(date(2026, 1, 1), date(9999, 12, 31), "for ever")
        with self.assertRaisesRegex(ValidationError, "up to .*2999"):
            self.make_installation(end=date(9999, 12, 31))

    def test_nobody_writes_the_history_directly(self):
        for user in (self.specialist, self.manager, self.director):
            for model in ("aftersales.service.period", "aftersales.serial.history"):
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(self.env[model].with_user(user).has_access(operation), model)

    # Customers and rights

    def test_software_is_installed_at_the_company_whichever_contact_is_picked(self):
        contact = self.env["res.partner"].create({"name": "李强", "parent_id": self.customer.id})
        self.assertEqual(self.make_installation(contact).partner_id, self.customer)

    def test_specialist_in_charge_of_the_customer_is_the_default(self):
        self.assertEqual(self.installation.user_id, self.specialist)

    def test_a_specialist_reads_all_and_writes_in_reach_only(self):
        stranger = self.make_installation(
            self.make_customer("别人的客户", service_user_id=self.colleague.id)
        )
        as_specialist = stranger.with_user(self.specialist)
        self.assertEqual(as_specialist.partner_id.name, "别人的客户")
        with self.assertRaises(AccessError):
            as_specialist.version = "9"
        with self.assertRaises(AccessError):
            as_specialist._change_period(date(2026, 1, 1), date(2026, 2, 1), "no")
        self.installation.with_user(self.specialist).version = "9"
        stranger.with_user(self.manager).version = "9"

    def test_only_a_manager_deletes(self):
        with self.assertRaises(AccessError):
            self.installation.with_user(self.specialist).unlink()
        self.installation.with_user(self.manager).unlink()

    def test_call_back_archive_and_development_read_only(self):
        for user in (self.callback, self.archivist, self.developer):
            record = self.installation.with_user(user)
            self.assertEqual(record.serial_number, "JD-0001")
            with self.assertRaises(AccessError):
                record.version = "9"

    def test_an_employee_without_a_role_sees_no_installation(self):
        with self.assertRaises(AccessError):
            self.installation.with_user(self.employee).read(["serial_number"])

    def test_a_customer_sees_the_installations_of_the_own_company_only(self):
        other = self.make_installation(self.make_customer("别的公司"), serial_number="B-1")
        contact = self.env["res.partner"].create({"name": "王丽", "parent_id": self.customer.id})
        portal = self.env["res.users"].create(
            {
                "name": "王丽",
                "login": "wangli",
                "partner_id": contact.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        other.message_subscribe(contact.ids)
        seen = self.env["aftersales.installation"].with_user(portal)
        self.assertEqual(seen.search([]), self.installation)
        with self.assertRaises(AccessError):
            other.with_user(portal).read(["serial_number"])
        with self.assertRaises(AccessError):
            self.installation.with_user(portal).version = "9"

    def test_another_company_is_not_seen(self):
        company = self.env["res.company"].create({"name": "分公司"})
        other = self.make_installation(self.customer, company_id=company.id)
        self.assertNotIn(
            other, self.env["aftersales.installation"].with_user(self.director).search([])
        )

    # Import

    def load(self, *rows):
        return (
            self.env["aftersales.installation"]
            .with_user(self.manager)
            .load(
                [
                    "partner_id",
                    "product_id",
                    "version",
                    "serial_number",
                    "installation_date",
                    "service_date_start",
                    "service_date_end",
                    "user_id",
                ],
                [list(row) for row in rows],
            )
        )

    def test_a_spreadsheet_of_installations_is_imported(self):
        name = self.make_software("启擎进销存").name
        result = self.load(
            (
                "四川天府商贸有限公司",
                name,
                "15",
                "im-1",
                "2026-01-05",
                "2026-01-05",
                "2027-01-04",
                "",
            ),
            ("四川天府商贸有限公司", name, "15", "", "", "", "", self.specialist.name),
        )
        self.assertFalse(result["messages"])
        first, second = self.env["aftersales.installation"].browse(result["ids"])
        self.assertRecordValues(
            first,
            [
                {
                    "partner_id": self.customer.id,
                    "serial_number": "IM-1",
                    "service_date_end": date(2027, 1, 4),
                    # an empty cell gives the default, the customer's specialist in charge
                    "user_id": self.specialist.id,
                }
            ],
        )
        self.assertEqual(first.period_ids.origin, "initial")
        self.assertFalse(second.service_date_end)

    def test_import_of_a_duplicate_serial_names_the_existing_customer_and_the_row(self):
        name = self.make_software("启擎进销存").name
        before = self.env["aftersales.installation"].search_count([])
        result = self.load(
            ("四川天府商贸有限公司", name, "", "NEW-1", "", "", "", ""),
            ("四川天府商贸有限公司", name, "", "JD-0001", "", "", "", ""),
        )
        self.assertFalse(result["ids"])
        # Odoo lists the error of the whole batch first, then those of single rows
        message = result["messages"][-1]
        self.assertIn("四川天府商贸有限公司", message["message"])
        self.assertEqual(message["rows"], {"from": 1, "to": 1})
        self.assertEqual(self.env["aftersales.installation"].search_count([]), before)

    def test_import_of_an_unknown_customer_or_a_wrong_period_is_refused_with_a_reason(self):
        name = self.make_software("启擎进销存").name
        with mute_logger("odoo.sql_db"):
            result = self.load(("不存在的客户", name, "", "N-1", "", "", "", ""))
        self.assertIn("不存在的客户", result["messages"][0]["message"])
        result = self.load(
            ("四川天府商贸有限公司", name, "", "N-1", "", "2026-05-01", "2026-04-01", "")
        )
        self.assertTrue(result["messages"])
        self.assertFalse(result["ids"])
