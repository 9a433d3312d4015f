"""Section G: what mail says, in the words of the regulation and in the reader's language."""

import re

from odoo.tests import tagged
from odoo.tools import html2plaintext

from .test_customer_mail import CustomerMail

# words of a mail that nobody of ours wrote: a wrong translation, advertisement, a button that says nothing
FOREIGN = ("国际交流", "Your logo", "Powered by", "odoo.com", "视图", "Odoo")
OURS = "jinyang\\_aftersales%"


@tagged("post_install", "-at_install")
class TestMailWords(CustomerMail):
    def setUp(self):
        super().setUp()
        (self.customer | self.contact).lang = "zh_CN"

    def assert_ours(self, text):
        """Fail when the text has a word of ``FOREIGN``."""
        for word in FOREIGN:
            self.assertNotIn(word, text)

    def last_mail(self, since):
        """The only mail made after the given ones, with its text and links."""
        mail = self.env["mail.mail"].search([]) - since
        self.assertEqual(len(mail), 1)
        return mail

    def test_no_template_of_ours_carries_a_foreign_word(self):
        rows = self.env["ir.model.data"].search(
            [("module", "=like", OURS), ("model", "=", "mail.template")]
        )
        templates = self.env["mail.template"].browse(rows.mapped("res_id"))
        self.assertGreater(len(templates), 10)
        for template in templates.with_context(lang="zh_CN"):
            with self.subTest(template=template.name):
                self.assert_ours(f"{template.subject} {template.body_html}")
                # the number alone does not say what happened
                said = re.sub(r"{{.*?}}", "", template.subject)
                own = "letter_title" in template.subject
                self.assertTrue(own or re.search("[\u4e00-\u9fff]{2}", said), template.subject)

    def test_layouts_carry_no_advertisement(self):
        for name in ("mail_notification_layout", "mail_notification_light"):
            view = self.env.ref(f"mail.{name}")
            arch = view._get_combined_arch()
            text = "".join(arch.itertext()) + "".join(
                str(node.attrib) for node in arch.iter() if isinstance(node.tag, str)
            )
            self.assertNotIn("Powered by", text, name)
            self.assertNotIn("odoo.com", text, name)
            self.assertIn("mail_unfollow", text, name)

    def test_mail_is_as_wide_as_a_phone_and_its_button_says_what_it_opens(self):
        arch = self.env.ref("mail.mail_notification_light")._get_combined_arch()
        for node in arch.iter("td", "table"):
            self.assertNotIn("min-width", node.get("style", ""))
            self.assertIn(node.get("width"), (None, "100%"))
        self.assertTrue(arch.xpath("//meta[@name='viewport']"))
        [title] = arch.xpath("//a[contains(@t-att-href, 'button_access')]//t")
        self.assertEqual(title.get("t-out"), "button_access['title']")

    def test_task_by_mail_says_what_is_to_do_and_greets_nobody_wrongly(self):
        body = (
            self.env["ir.qweb"]
            .with_context(lang="zh_CN")
            ._render(
                "mail.message_activity_assigned",
                {"activity": self.env["mail.activity"], "model_description": "x"},
                minimal_qcontext=True,
            )
        )
        self.assertIn("交给您以下待办：", body)
        self.assertNotIn("亲爱的", body)

    def test_button_names_what_it_opens(self):
        for model, word in (
            ("helpdesk.ticket", "查看服务工单"),
            ("contract.contract", "查看服务协议"),
            ("aftersales.complaint", "查看投诉"),
        ):
            with self.subTest(model=model):
                document = self.env[model].with_context(lang="zh_CN")
                label = self.env["ir.model"].with_context(lang="zh_CN")._get(model).name
                groups = document._notify_get_recipients_groups_fillup(
                    [("customer", lambda row: True, {})], label, msg_vals={"model": model}
                )
                self.assertEqual(groups[0][2]["button_access"]["title"], word)

    def test_mail_to_a_customer_says_what_happened(self):
        visit = self.make_visit()
        since = self.env["mail.mail"].search([])
        visit._tell_customer(
            lambda row: row._get_cancelled_text(), lambda row: row.env._("cancelled")
        )
        mail = self.last_mail(since)
        self.assertEqual(mail.subject, f"上门服务 {visit.name}：已取消")
        self.assert_ours(mail.body_html)

    def test_invitation_to_the_portal_is_in_chinese(self):
        since = self.env["mail.mail"].search([])
        user = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": "invited@hengda.example",
                    "partner_id": self.contact.id,
                    "lang": "zh_CN",
                    "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
                }
            )
        )
        wizard = self.env["portal.wizard"].create({"partner_ids": [(6, 0, self.contact.ids)]})
        template = self.env.ref("jinyang_aftersales.mail_template_portal_invitation")
        template.auto_delete = False
        wizard.user_ids._send_email()
        mail = self.last_mail(since)
        self.assertEqual(mail.subject, f"{self.company.name}邀请您使用服务门户")
        self.assertIn(user.login, html2plaintext(mail.body_html))
        self.assert_ours(mail.body_html)

    def test_activity_is_in_the_language_of_its_reader(self):
        self.specialist.lang = "zh_CN"
        self.manager.lang = "en_US"
        ticket = self.make("helpdesk.ticket", name="x", description="x")
        kind = "jinyang_aftersales.mail_activity_record"
        for user, word in ((self.specialist, "期限"), (self.manager, "Due")):
            ticket.with_user(self.manager).with_context(lang="en_US")._notify_users(
                user, kind, lambda row: "期限" if row.env.lang == "zh_CN" else "Due"
            )
            activity = ticket.activity_ids.filtered(lambda row, user=user: row.user_id == user)
            self.assertEqual(html2plaintext(activity.note or "").strip(), word)
        kind = self.env.ref(kind).with_context(lang="zh_CN")
        self.assertEqual(
            ticket.activity_ids.filtered(lambda row: row.user_id == self.specialist).summary,
            kind.summary,
        )

    def test_company_without_a_logo_shows_none(self):
        company = self.env["res.company"].create({"name": "No Logo"})
        self.assertFalse(company.logo)
