"""Rights of each role on renewal notices, by button and by RPC."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import HttpCase, tagged

from ..common_rpc import RpcClient
from .notice_common import NoticeCommon


@tagged("post_install", "-at_install")
class TestNoticeRights(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.signed()
        cls.notice = cls.create_due()

    def test_nobody_creates_or_deletes_notices(self):
        for user in (self.callback, self.specialist, self.manager, self.director, self.employee):
            with self.subTest(user=user.name):
                notice = self.notice.with_user(user)
                with self.assertRaises(AccessError):
                    notice.create(
                        {
                            "company_id": self.company.id,
                            "partner_id": self.agreement.partner_id.id,
                            "term_end": "2027-01-31",
                            "notice_date": "2026-12-31",
                        }
                    )
                with self.assertRaises(AccessError):
                    notice.unlink()

    def test_nobody_writes_a_state_or_what_was_sent(self):
        for user in (self.callback, self.manager, self.director):
            notice = self.notice.with_user(user)
            for name in self.notice._get_guarded_fields():
                with self.subTest(user=user.name, field=name), self.assertRaises(UserError):
                    notice.write({name: False})

    def test_callers_and_managers_choose_recipient_and_caller(self):
        for user in (self.callback, self.manager):
            self.notice.with_user(user).write(
                {
                    "contact_id": self.agreement.partner_id.id,
                    "user_id": self.manager.id,
                }
            )
        with self.assertRaises(AccessError):
            self.notice.with_user(self.specialist).user_id = self.manager

    def test_letter_goes_to_nobody_elses_contact(self):
        with self.assertRaises(ValidationError):
            self.notice.with_user(self.callback).contact_id = self.make_customer()

    def test_specialist_reads_and_others_do_not(self):
        self.send()
        self.env.invalidate_all()
        for user in (self.specialist, self.callback, self.archivist, self.developer):
            values = self.notice.with_user(user).read()[0]
            self.assertEqual(values["delivery"], "queued")
            self.notice.callback_ids.with_user(user).read()
            self.assertTrue(self.notice.letter_id.with_user(user).raw)
        with self.assertRaises(AccessError):
            self.notice.with_user(self.employee).read(["state"])
        portal = self.make_user("customer", "base.group_portal")
        with self.assertRaises(AccessError):
            self.notice.with_user(portal).read(["state"])

    def test_send_now_queues_without_committing_and_only_once(self):
        # a commit would raise in this test
        self.notice.with_user(self.callback).action_send_now()
        self.assertRecordValues(
            self.notice, [{"state": "sent", "sent_by_id": self.callback.id, "delivery": "queued"}]
        )
        with self.assertRaisesRegex(UserError, "not waiting"):
            self.notice.with_user(self.callback).action_send_now()
        self.assertEqual(
            self.env["mail.mail"].search_count([("res_id", "=", self.agreement.id)]), 1
        )

    def test_send_now_is_for_callers_and_managers(self):
        for user in (self.specialist, self.employee):
            with self.assertRaises(AccessError):
                self.notice.with_user(user).action_send_now()
        self.notice.with_user(self.manager).action_send_now()

    def test_send_now_says_when_nobody_can_be_mailed(self):
        partner = self.agreement.partner_id
        (partner + partner.software_contact_id).email = "-"
        with self.assertRaisesRegex(UserError, "no usable e-mail address"):
            self.notice.with_user(self.callback).action_send_now()
        self.send()
        partner.email = "found@example.cn"
        self.notice.with_user(self.callback).action_send_now()
        self.assertEqual(self.notice.sent_to, "found@example.cn")
        self.assertFalse(self.activities(self.notice, "print_letter"))

    def test_broken_letter_is_told_to_who_sends_by_hand(self):
        broken = patch.object(type(self.notice), "_letters", side_effect=UserError("no printer"))
        with broken, self.assertRaisesRegex(UserError, "no printer"):
            self.notice.with_user(self.callback).action_send_now()
        self.assertEqual(self.notice.state, "pending")


@tagged("post_install", "-at_install")
class TestNoticeRpc(RpcClient, NoticeCommon, HttpCase):
    def test_no_request_writes_a_state(self):
        agreement = self.signed()
        notice = self.create_due()
        call = notice.callback_ids
        self.come(self.manager)
        update, delete = (
            Command.update(notice.id, {"state": "sent"}),
            Command.delete(notice.id),
        )
        for model, ids, method, *values in (
            (notice._name, notice.ids, "write", {"state": "sent"}),
            (notice._name, notice.ids, "unlink"),
            (notice._name, notice.ids, "_queue_mails", "2026-11-30 02:00:00"),
            (notice._name, notice.ids, "_create_due", self.company.id, "2026-11-30"),
            ("contract.contract", agreement.ids, "write", {"notice_ids": [update]}),
            ("contract.contract", agreement.ids, "write", {"notice_ids": [delete]}),
            (call._name, call.ids, "write", {"state": "done", "answer": "renewing"}),
            ("aftersales.job", [], "_cron_hourly"),
        ):
            self.assertRefusedRpc(model, method, ids, *values)
        self.assertEqual((notice.state, call.state), ("pending", "todo"))
        self.call(notice, "action_send_now")
        self.assertEqual(notice.state, "sent")


@tagged("post_install", "-at_install")
class TestNoticeOnPaper(NoticeCommon):
    def dispatch(self, notice, user=None, **values):
        wizards = self.env["aftersales.dispatch"].with_user(user or self.callback)
        action = notice.with_user(user or self.callback).action_open_dispatch()
        wizard = wizards.with_context(**action["context"]).create(
            {"proof": "SF 123", "sent_to": "028-12345678", **values}
        )
        wizard.action_record()

    def test_print_task_is_closed_by_recording_fax_or_post(self):
        agreement = self.signed()
        (agreement.partner_id + agreement.partner_id.software_contact_id).email = False
        notice = self.announce(agreement)
        action = notice.with_user(self.callback).action_print()
        self.assertEqual(action["report_name"], "jinyang_aftersales.report_renewal_letter")
        self.dispatch(notice, channel="post")
        self.assertRecordValues(
            notice,
            [
                {
                    "state": "sent",
                    "channel": "post",
                    "proof": "SF 123",
                    "sent_by_id": self.callback.id,
                    "sent_on": Datetime.now(),
                }
            ],
        )
        self.assertFalse(self.activities(notice, "print_letter"))

    def test_mailed_customer_may_get_a_fax_too(self):
        notice = self.announce()
        self.deliver(notice)
        self.dispatch(notice, channel="fax")
        self.assertEqual((notice.state, notice.channel), ("sent", "fax"))
        self.assertEqual(notice.mail_id.state, "sent", "the mail stays as evidence")

    def test_failed_mail_is_replaced_by_paper(self):
        notice = self.announce()
        notice.mail_id.state = "exception"
        notice.with_user(self.callback).action_paper()
        self.assertEqual((notice.state, notice.mail_id.state), ("print", "cancel"))
        with self.assertRaises(UserError):
            notice.with_user(self.callback).action_paper()

    def test_dispatch_is_refused_to_others_in_the_future_and_for_replaced_notices(self):
        notice = self.announce()
        with self.assertRaises(AccessError):
            notice.with_user(self.specialist)._record_dispatch({"channel": "fax", "proof": "x"})
        with self.assertRaises(AccessError):
            notice.with_user(self.specialist).action_open_dispatch()
        with self.assertRaises(UserError):
            self.dispatch(notice, sent_on="2026-12-24 00:00:00")
        with self.assertRaises(UserError):
            notice.with_user(self.callback)._record_dispatch({"channel": "mail", "proof": "x"})
        notice._supersede()
        with self.assertRaises(UserError):
            self.dispatch(notice)
