"""Service that specialists give without an agreement is seen by their managers."""

from dateutil.relativedelta import relativedelta

from odoo.tests import tagged

from ..common import AftersalesCommon

YEAR = relativedelta(years=1, days=-1)


@tagged("post_install", "-at_install")
class TestIntakeReview(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._aftersales_today()
        cls.customer = cls.make_customer()
        cls.software = cls.make_software()

    def give(self, user, start=None, end=None, **values):
        start = start or self.today
        return (
            self.env["aftersales.installation"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.customer.id,
                    "product_id": self.software.id,
                    "service_date_start": start,
                    "service_date_end": end or start + YEAR,
                    **values,
                }
            )
        )

    def rows(self):
        self.env.flush_all()
        rows = self.env["aftersales.review"].with_user(self.manager)
        return rows.search([("kind", "=", "free_service")])

    def test_a_year_for_new_software_is_what_everybody_gets(self):
        self.give(self.specialist)
        self.give(self.specialist, product_id=self.make_software().id)
        self.assertFalse(self.rows())

    def test_more_than_a_year_is_listed(self):
        software = self.give(self.specialist, end=self.today + YEAR + relativedelta(days=1))
        row = self.rows()
        self.assertEqual((row.res_id, row.user_id), (software.id, self.specialist))
        self.assertEqual(row.day, self.today)
        self.assertEqual(row.partner_id, self.customer)

    def test_a_second_free_year_of_the_same_software_is_listed(self):
        old = self.give(self.manager, start=self.today - relativedelta(years=3))
        again = self.give(self.specialist)
        self.assertEqual(self.rows().res_id, again.id)
        # putting the old one away does not hide it
        old.active = False
        self.assertEqual(self.rows().res_id, again.id)

    def test_a_period_changed_by_hand_is_listed_until_a_manager_looked_at_it(self):
        software = self.give(self.specialist)
        software._change_period(self.today, self.today + YEAR * 2, "赠送三个月")
        row = self.rows()
        self.assertIn("赠送三个月", row.note)
        row.action_look("说好的")
        self.assertFalse(self.rows())

    def test_a_year_for_a_customer_that_looked_like_another_is_listed(self):
        self.customer.name = "绵阳旧客户有限公司"
        intake = self.env["aftersales.intake"].with_user(self.specialist)
        values = {
            "name": "绵阳旧客户",
            "product_id": self.software.id,
            "serial": "NEU-1",
            "date_start": str(self.today),
            "date_end": str(self.today + YEAR),
        }
        self.assertTrue(intake.create_customer(values, "k")["doubles"])
        answer = intake.create_customer(values, "k", True)
        row = self.rows()
        self.assertEqual((row.partner_id.id, row.document), (answer["id"], "NEU-1"))

    def test_what_managers_enter_is_theirs_to_decide(self):
        software = self.give(self.manager, end=self.today + YEAR * 3)
        software._change_period(self.today, self.today + YEAR, "更正")
        self.assertFalse(self.rows())
