from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ...models.agreement.payment import LATE_ACTIVITY
from ..common import AftersalesCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementLatePayment(AftersalesCommon):
    """五.2.6: specialist first, then the manager, each told once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.aftersales_payment_days = 3
        cls.company.aftersales_payment_escalation_days = 2
        # signed on the 10th, due on the 13th
        cls.agreement = cls.make_agreement(start=cls.day("2026-04-01"), signed=True)
        cls.activity_type = cls.env.ref(LATE_ACTIVITY)

    def chase(self, day):
        """Run the routine like the hourly job, twice, because it may run any number of times."""
        with freeze_time(f"{day} 04:00:00"):
            for _turn in range(2):
                self.env["contract.contract"]._chase_late_payments(self.company, self.day(day))
        self.agreement.invalidate_recordset()
        return self.told()

    def told(self, agreement=None):
        return (agreement or self.agreement).activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.activity_type
        )

    def test_nobody_is_told_before_the_day_has_passed(self):
        self.assertFalse(self.chase("2026-03-13"))

    def test_the_specialist_then_the_managers_once_each(self):
        self.assertEqual(self.chase("2026-03-14").user_id, self.specialist)
        self.assertEqual(len(self.chase("2026-03-15")), 1)
        told = self.chase("2026-03-16")
        self.assertEqual(len(told), 2)
        self.assertEqual(told.user_id, self.specialist | self.manager)
        self.assertEqual(len(self.chase("2026-04-16")), 2)
        self.assertEqual(self.agreement.payment_chased_on, self.day("2026-03-14"))
        self.assertEqual(self.agreement.payment_escalated_on, self.day("2026-03-16"))
        reader = told[0].user_id
        day = reader.with_context(lang=reader.lang)._say_day(self.day("2026-03-13"))
        self.assertIn(day, str(told[0].note))

    def test_after_days_without_the_job_both_are_told(self):
        self.assertEqual(self.chase("2026-03-30").user_id, self.specialist | self.manager)

    def test_an_activity_ticked_off_does_not_come_back(self):
        self.chase("2026-03-14").action_feedback(feedback="called")
        self.assertFalse(self.chase("2026-03-15"))

    def test_the_specialists_own_manager(self):
        self.make_user("second_manager", "jinyang_aftersales.group_manager")
        lead, member = self.env["hr.employee"].create(
            [
                {"name": "Lead", "user_id": self.manager.id, "company_id": self.company.id},
                {"name": "Member", "user_id": self.specialist.id, "company_id": self.company.id},
            ]
        )
        self.assertEqual(len(self.agreement._get_service_managers(self.specialist)), 2)
        member.parent_id = lead
        self.assertEqual(self.chase("2026-03-16").user_id - self.specialist, self.manager)

    def test_a_lead_who_is_no_service_manager_is_not_told(self):
        lead = self.env["hr.employee"].create(
            {"name": "Lead", "user_id": self.employee.id, "company_id": self.company.id}
        )
        self.env["hr.employee"].create(
            {
                "name": "Member",
                "user_id": self.specialist.id,
                "company_id": self.company.id,
                "parent_id": lead.id,
            }
        )
        self.assertEqual(self.chase("2026-03-16").user_id, self.specialist | self.manager)

    def test_directors_where_there_is_no_manager(self):
        self.manager.active = False
        told = self.chase("2026-03-16").user_id
        self.assertIn(self.director, told)

    def test_paid_closes_them(self):
        self.chase("2026-03-16")
        payment = self.pay(self.agreement)
        self.assertFalse(self.told())
        self.assertFalse(self.chase("2026-03-17"))
        # the payment is undone, so that it is late again
        self.unpay(payment)
        self.assertFalse(self.agreement.payment_chased_on)
        self.assertEqual(self.chase("2026-03-18").user_id, self.specialist | self.manager)

    def test_no_invoice_no_lateness(self):
        self.agreement.invoice_ids.button_cancel()
        self.commit()
        self.assertFalse(self.chase("2026-03-30"))
        self.agreement.action_create_invoice()
        self.assertTrue(self.chase("2026-03-31"))

    def test_a_part_is_not_the_whole(self):
        self.pay(self.agreement, amount=999)
        self.assertTrue(self.chase("2026-03-14"))

    def test_a_signature_undone_takes_them_back(self):
        self.chase("2026-03-16")
        self.agreement.invoice_ids.button_cancel()
        self.agreement.with_user(self.manager).action_unsign()
        self.assertFalse(self.told())
        self.assertFalse(self.agreement.payment_chased_on)

    def test_one_broken_agreement_stops_no_other(self):
        broken, other = (
            self.make_agreement(start=self.day("2026-04-01"), signed=True) for _turn in range(2)
        )
        model = self.env.registry["contract.contract"]
        tell = model._notify_users

        def fail(agreement, *args, **kwargs):
            if agreement == broken:
                raise ValueError("no way")
            return tell(agreement, *args, **kwargs)

        with (
            patch.object(model, "_notify_users", fail),
            self.assertRaisesRegex(UserError, f"{broken.name}: no way"),
        ):
            self.chase("2026-03-14")
        self.assertTrue(self.told(other))
        self.assertFalse(broken.payment_chased_on)
        self.chase("2026-03-14")
        self.assertTrue(self.told(broken))
        self.assertEqual(len(self.told(other)), 1)

    def test_the_hourly_job_calls_it(self):
        job = self.env["aftersales.job"]
        names = [job._get_step_name(work) for work in job._ordered_steps()]
        self.assertIn("contract.contract._chase_late_payments", names)

    def test_each_company_by_itself(self):
        company = self.make_company()
        self.env.user.company_ids += company
        self.specialist.company_ids += company
        installation = self.make_installation(company_id=company.id)
        other = self.make_agreement(
            installation, company_id=company.id, start=self.day("2026-04-01"), signed=True
        )
        self.assertTrue(self.chase("2026-03-16"))
        self.assertFalse(self.told(other))
        self.env["contract.contract"]._chase_late_payments(company, self.day("2026-03-16"))
        self.assertEqual(self.told(other).user_id, self.specialist)

    def test_where_there_is_nobody_to_tell_somebody_is_told_later(self):
        company = self.make_company()
        self.env.user.company_ids += company
        installation = self.make_installation(
            self.make_customer(service_user_id=False), company_id=company.id
        )
        agreement = self.make_agreement(
            installation, company_id=company.id, user_id=False, signed=True
        )
        chase = self.env["contract.contract"]._chase_late_payments
        chase(company, self.day("2026-03-16"))
        self.assertFalse(agreement.payment_chased_on)
        self.manager.company_ids += company
        chase(company, self.day("2026-03-17"))
        self.assertEqual(self.told(agreement).user_id, self.manager)

    def test_other_documents_are_not_touched(self):
        draft = self.make_agreement()
        free = self.make_agreement(price=0.0, signed=True)
        ordinary = self.env["contract.contract"].create(
            {
                "name": "OCA",
                "partner_id": draft.partner_id.id,
                "date_start": "2026-01-01",
                "contract_line_ids": [Command.create({"name": "Hosting", "price_unit": 10})],
            }
        )
        ordinary.recurring_create_invoice().action_post()
        self.chase("2026-06-30")
        for contract in (draft, free, ordinary):
            self.assertFalse(self.told(contract))

    def test_queries_do_not_grow_with_agreements_on_time(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["contract.contract"]._chase_late_payments(self.company, self.day("2026-03-11"))
            return self.env.cr.sql_log_count - before

        count()
        one = count()
        for _turn in range(10):
            self.make_agreement(signed=True)
        self.env.flush_all()
        self.assertLessEqual(count(), one + 1)
