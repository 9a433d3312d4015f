"""Tasks that the hourly job gives are told by one mail to each person (section G)."""

from odoo.tests import tagged

from ...models.company.aftersales_job import SCHEDULED
from .. import common

KIND = "jinyang_aftersales.mail_activity_debt"


@tagged("post_install", "-at_install")
class TestDigest(common.AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._aftersales_today()
        cls.customers = cls.env["res.partner"]
        for name in ("One", "Two", "Three"):
            cls.customers |= cls.make_customer(name, company_id=cls.company.id)
        cls.other = cls.make_user("other", "jinyang_aftersales.group_manager")
        (cls.manager | cls.other).notification_type = "email"

    def give(self, customers, users, scheduled=True):
        job = customers.with_company(self.company).with_context(**{SCHEDULED: scheduled})
        job._notify_users(users, KIND, deadline=self.day("2026-03-13"))

    def told(self, user):
        """Subjects of the messages a user was notified of."""
        messages = self.env["mail.message"].search(
            [("notified_partner_ids", "=", user.partner_id.id)], order="id"
        )
        return messages.mapped("subject"), "".join(map(str, messages.mapped("body")))

    def run_step(self):
        self.env["mail.activity"]._mail_digests(self.company, self.today)

    def test_many_tasks_of_a_run_are_one_mail_to_each_person(self):
        languages = self.env["res.lang"].with_context(active_test=False)
        languages.search([("code", "in", ("zh_CN", "en_US"))]).action_unarchive()
        self.manager.lang, self.other.lang = "zh_CN", "en_US"
        self.give(self.customers, self.manager | self.other)
        self.assertEqual(self.told(self.manager)[0], [])
        self.run_step()
        subjects, body = self.told(self.manager)
        self.assertEqual(subjects, ["您有 3 项新任务"])
        for customer in self.customers:
            self.assertIn(f"res_id={customer.id}", body)
        day = self.manager.with_context(lang="zh_CN")._say_day(self.day("2026-03-13"))
        self.assertIn(day, body)
        self.assertEqual(self.told(self.other)[0], ["3 new tasks for you"])
        self.run_step()
        self.assertEqual(len(self.told(self.manager)[0]), 1)
        mails = self.env["mail.mail"].search([("subject", "=", "您有 3 项新任务")])
        self.assertEqual(mails.mapped("state"), ["outgoing"])

    def test_a_single_task_is_told_as_always(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.manager.lang = "zh_CN"
        self.give(self.customers[0], self.manager)
        self.run_step()
        [subject] = self.told(self.manager)[0]
        self.assertIn("One", subject)
        # in the language of the reader, not in that of the job
        self.assertNotIn("assigned", subject)

    def test_what_is_settled_within_the_run_is_not_told(self):
        self.give(self.customers, self.manager)
        self.customers._withdraw_activities(KIND)
        self.run_step()
        self.assertEqual(self.told(self.manager)[0], [])

    def test_what_a_user_gives_is_told_at_once(self):
        self.give(self.customers, self.manager, scheduled=False)
        self.assertEqual(len(self.told(self.manager)[0]), 3)
        self.run_step()
        self.assertEqual(len(self.told(self.manager)[0]), 3)

    def test_another_companys_run_tells_nothing(self):
        self.give(self.customers, self.manager)
        other = self.make_company()
        self.env["mail.activity"]._mail_digests(other, self.today)
        self.assertEqual(self.told(self.manager)[0], [])
