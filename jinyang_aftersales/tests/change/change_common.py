"""Program changes for tests: factories, and steps to bring one to a state."""

import base64
from datetime import timedelta

from .. import common

PDF = base64.b64encode(b"%PDF-1.4\n%stamped\n%%EOF\n").decode()


class ChangeCommon(common.AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the tests compare English texts, also in a database that only has Chinese
        cls.env["res.lang"]._activate_lang("en_US")
        cls.customer = cls.make_customer("武汉恒达机械有限公司", lang="en_US")
        cls.contact = cls.customer.software_contact_id
        cls.contact.lang = "en_US"
        cls.today = cls.company._aftersales_today()
        cls.company.email = "service@jinyang.example"

    @classmethod
    def make_change(cls, user=None, state=None, **values):
        """A request of a customer, brought to a state by users with the rights for each step.

        :param user: res.users who enters it, the specialist by default
        :param str state: state to reach
        """
        change = (
            cls.env["aftersales.change.request"]
            .with_user(user or cls.specialist)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "title": "送货单增加司机",
                    "description": "送货单上打印司机姓名和电话",
                    "scan": PDF,
                    "scan_name": "stamped.pdf",
                    **values,
                }
            )
        )
        return cls.bring(change, state)

    @classmethod
    def bring(cls, change, state):
        """Take a request from the draft to a state, each step by a user with the right to it."""
        if state in (None, "draft"):
            return change
        if state == "cancelled":
            change.action_cancel()
            return change
        change.action_submit()
        if state == "submitted":
            return change
        change.confirmed_need = "两栏，在客户名称下面"
        change.action_confirm()
        manager, developer = change.with_user(cls.manager), change.with_user(cls.developer)
        if state == "confirmed":
            return change
        if state == "refused":
            manager.action_refuse("Not possible")
            return change
        manager.action_approve("OK", {"date_promised": cls.today + timedelta(days=14)})
        if state == "approved":
            return change
        developer.action_start_development()
        if state == "development":
            return change
        developer.action_to_testing()
        if state == "testing":
            return change
        change.action_record_test("pass", "Both columns are there")
        if state == "deploying":
            return change
        change.action_deploy()
        if state == "deployed":
            return change
        change.action_record_opinion("satisfied")
        change.action_done()
        return change

    @classmethod
    def mails(cls, change):
        """:return: messages the customer got about a change, the last one first"""
        return change.sudo().message_ids.filtered(lambda row: row.message_type == "auto_comment")
