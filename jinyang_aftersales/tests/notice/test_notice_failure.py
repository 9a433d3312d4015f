"""Notices whose letter or mail fails."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .notice_common import NoticeCommon

SENDING_LOGGER = "odoo.addons.jinyang_aftersales.models.notice.sending"


@tagged("post_install", "-at_install")
class TestNoticeFailure(NoticeCommon, MailCommon):
    def queue_with_error_for(self, broken, error):
        """Patch the creation of mails so that it fails for a batch with one of these notices."""
        original = type(self.notices)._queue_mails

        def queue(notices, send_at):
            if broken & notices:
                raise error
            return original(notices, send_at)

        return patch.object(type(self.notices), "_queue_mails", queue)

    def test_one_broken_notice_among_three_keeps_its_error_and_stops_no_other(self):
        for _number in range(3):
            self.signed()
        notices = self.create_due()
        broken = notices[1]
        with self.queue_with_error_for(broken, ValueError("template lacks a field")):
            with self.assertLogs(SENDING_LOGGER, "WARNING") as logs:
                self.send()
            self.assertEqual(len(logs.output), 1)
            self.assertEqual((notices - broken).mapped("state"), ["sent", "sent"])
            self.assertRecordValues(
                broken,
                [
                    {
                        "state": "pending",
                        "error": "template lacks a field",
                        "fail_count": 1,
                        "next_try": fields.Datetime.now() + timedelta(hours=1),
                    }
                ],
            )
            # the failed notice is not tried again before that time
            self.send()
            self.assertEqual(broken.fail_count, 1)
        with freeze_time("2026-11-30 03:00:00"):
            self.send()
        self.assertRecordValues(broken, [{"state": "sent", "error": False, "fail_count": 0}])

    def test_database_error_in_one_notice_stops_no_other(self):
        self.signed()
        self.signed()
        notices = self.create_due()
        original = type(self.notices)._queue_mails

        def queue(records, send_at):
            if notices[0] in records:
                records.env.cr.execute("SELECT 1 / 0")
            return original(records, send_at)

        with (
            patch.object(type(self.notices), "_queue_mails", queue),
            mute_logger(SENDING_LOGGER, "odoo.sql_db"),
        ):
            self.send()
        self.assertEqual(notices.mapped("state"), ["pending", "sent"])
        self.assertIn("division by zero", notices[0].error)

    def test_after_five_failures_the_managers_are_told_once(self):
        self.signed()
        notice = self.create_due()
        delays = []
        with self.queue_with_error_for(notice, ValueError("broken")), mute_logger(SENDING_LOGGER):
            for _failure in range(7):
                now = notice.next_try or fields.Datetime.now()
                with freeze_time(now):
                    self.send()
                    delays.append((notice.next_try - now).total_seconds() / 3600)
        self.assertEqual(notice.fail_count, 7)
        self.assertEqual(delays, [1, 2, 4, 8, 16, 24, 24])
        self.assertEqual(self.activities(notice, "notice_trouble").user_id, self.manager)

    def test_conflict_with_another_transaction_is_no_error_of_the_notice(self):
        self.signed()
        notice = self.create_due()
        conflict = SerializationFailure("could not serialize")
        with self.queue_with_error_for(notice, conflict), self.assertRaises(SerializationFailure):
            self.send()
        self.assertRecordValues(notice, [{"state": "pending", "error": False, "fail_count": 0}])

    def test_connection_problems_are_tried_five_times_in_two_days_then_told(self):
        notice = self.announce()
        tries, now = 0, fields.Datetime.now()
        start = now
        while now <= start + timedelta(hours=72):
            with freeze_time(now):
                if notice.mail_id.state == "outgoing":
                    tries += 1
                    notice.mail_id.write(
                        {"state": "exception", "failure_reason": "[Errno 111] Connection refused"}
                    )
                self.notices._requeue_failed_mails(self.company)
            now += timedelta(hours=1)
        self.assertEqual(tries, 6, "the first try and five more")
        self.assertEqual(notice.delivery, "failed")
        self.assertEqual(self.activities(notice, "notice_trouble").user_id, self.manager)
        self.assertLessEqual(
            self.activities(notice, "notice_trouble").create_date, start + timedelta(hours=49)
        )

    def test_refused_recipient_gets_the_letter_on_paper_at_once(self):
        refused = (
            "Mail Delivery Failed\nSMTPRecipientsRefused: "
            "{'x@example.cn': (550, b'5.1.1 User unknown')}"
        )
        notice = self.announce()
        notice.mail_id.write(
            {"state": "exception", "failure_type": "unknown", "failure_reason": refused}
        )
        self.notices._requeue_failed_mails(self.company)
        self.assertEqual(notice.state, "print")
        self.assertEqual(notice.mail_id.state, "cancel")
        self.assertEqual(self.activities(notice, "print_letter").user_id, self.callback)
        self.assertEqual(self.activities(notice, "notice_trouble").user_id, self.callback)

    def test_recipient_refused_for_now_is_tried_again(self):
        notice = self.announce()
        reason = "SMTPRecipientsRefused: {'x@example.cn': (450, b'4.2.0 Greylisted')}"
        notice.mail_id.write({"state": "exception", "failure_reason": reason})
        self.notices._requeue_failed_mails(self.company)
        self.assertEqual((notice.state, notice.mail_id.state), ("sent", "outgoing"))

    def test_mail_that_really_cannot_connect_is_queued_again(self):
        notice = self.announce()
        servers = type(self.env["ir.mail_server"])
        with (
            self.mock_mail_gateway(),
            patch.object(servers, "_connect__", side_effect=ConnectionRefusedError("no server")),
        ):
            notice.mail_id.send()
        self.assertEqual(notice.delivery, "failed")
        self.notices._requeue_failed_mails(self.company)
        self.assertEqual(notice.delivery, "queued")
