"""Letters by fax and post with their proof, and whether the customer knew in time (五.2.2, 五.5.2)."""

import base64
import runpy
from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools.misc import file_path

from .notice_common import NoticeCommon

MIGRATION = "jinyang_aftersales/migrations/19.0.3.0.0/post-notice.py"
PNG = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestNoticeTold(NoticeCommon):
    def setUp(self):
        super().setUp()
        self.agreement = self.signed()
        self.customer = self.agreement.partner_id
        self.notice = self.create_due().filtered(lambda row: row.contract_id == self.agreement)
        self.mine = self.notice.with_user(self.callback)

    def dispatch(self, **values):
        self.mine._record_dispatch(
            {"channel": "fax", "sent_to": "028-12345678", "proof": "report 1", **values}
        )

    def rows(self):
        return self.notice.dispatch_ids

    def test_letter_in_time_that_is_entered_late_is_shown_to_managers(self):
        """M07: the day of a fax is what its sender says; whoever forgot it says that it left in time."""
        day = self.company._aftersales_today() - timedelta(days=3)
        self.notice._write_unlocked({"notice_date": day})
        for sent, entered, listed in (
            (f"{day} 02:00:00", f"{day} 03:00:00", False),
            (f"{day} 02:00:00", f"{day + timedelta(days=1)} 03:00:00", True),
            (f"{day + timedelta(days=1)} 02:00:00", f"{day + timedelta(days=2)} 03:00:00", False),
        ):
            self.dispatch(sent_on=sent)
            row = self.rows().sorted("id")[-1:]
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE aftersales_letter_dispatch SET create_date = %s WHERE id = %s",
                (entered, row.id),
            )
            self.env.invalidate_all()
            reviews = self.env["aftersales.review"].with_user(self.manager)
            found = reviews.search([("kind", "=", "letter_late")])
            with self.subTest(sent=sent, entered=entered):
                self.assertEqual(row.id in found.mapped("source_id"), listed)
        self.assertEqual((found.res_id, found.user_id), (self.notice.id, self.callback))

    # How letters go

    def test_a_customer_or_the_company_may_prefer_fax(self):
        """M54"""
        others = self.signed(self.make_installation(end=date(2026, 12, 31)))
        plain = self.create_due().filtered(lambda row: row.contract_id == others)
        self.customer.letter_channel = "fax"
        self.send()
        self.assertEqual((self.notice.state, plain.state), ("print", "sent"))
        third = self.signed(self.make_installation(end=date(2026, 12, 31)))
        mailed = self.signed(self.make_installation(end=date(2026, 12, 31)))
        mailed.partner_id.letter_channel = "mail"
        self.company.aftersales_letter_channel = "post"
        notices = self.create_due()
        self.send()
        states = {row.contract_id: row.state for row in notices}
        self.assertEqual((states[third], states[mailed]), ("print", "sent"))

    def test_the_dialogue_proposes_channel_and_number(self):
        """M54"""
        self.customer.write({"letter_channel": "post", "fax_number": "028-7", "street": "Road 1"})
        dialog = self.env["aftersales.dispatch"].with_user(self.callback)
        with Form(dialog.with_context(**self.mine.action_open_dispatch()["context"])) as form:
            self.assertEqual(form.channel, "post")
            self.assertIn("Road 1", form.sent_to)
            form.channel = "fax"
            self.assertEqual(form.sent_to, "028-7")
            form.proof = "report 7"
        form.record.action_record()
        self.assertEqual(self.rows().sent_to, "028-7")

    # What is kept

    def test_a_letter_is_kept_as_it_was_sent_with_number_day_sender_and_proof(self):
        """M54"""
        letters = {self.notice.id: b"the letter of today"}
        with patch.object(type(self.notice), "_letters", return_value=letters):
            self.dispatch(proof_file=PNG, proof_name="report.png", sent_on="2026-11-29 02:00:00")
        self.assertRecordValues(
            self.rows(),
            [
                {
                    "channel": "fax",
                    "sent_to": "028-12345678",
                    "sent_by_id": self.callback.id,
                    "proof": "report 1",
                    "proof_name": "report.png",
                    "document_name": self.notice.name,
                }
            ],
        )
        row = self.rows().with_context(bin_size=False).with_user(self.specialist)
        self.assertEqual(base64.b64decode(row.letter), b"the letter of today")
        self.assertEqual(row.proof_file, PNG)

    def test_without_number_or_proof_nothing_is_recorded(self):
        """M54"""
        for values in (
            {"sent_to": " "},
            {"proof": " "},
            {"channel": "pigeon"},
            {"sent_on": "2026-12-24 00:00:00"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.dispatch(**values)
        self.assertFalse(self.rows())
        self.assertEqual(self.notice.state, "pending")

    def test_recorded_proof_is_not_rewritten(self):
        """M54"""
        self.dispatch()
        row = self.rows()
        for user in (self.callback, self.manager, self.director, self.env.user):
            for act in (
                lambda row: row.write({"proof": "another"}),
                lambda row: row.unlink(),
                lambda row: row.copy(),
            ):
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    act(row.with_user(user))
            with self.assertRaises(UserError):
                self.notice.with_user(user).proof = "another"
        # sent again, the first letter stays
        self.dispatch(proof="report 2")
        self.assertEqual(sorted(self.rows().mapped("proof")), ["report 1", "report 2"])

    def test_letters_of_several_customers_go_each_to_its_own_number(self):
        """M54"""
        other = self.signed(self.make_installation(end=date(2026, 12, 31)))
        notices = self.create_due()
        self.customer.fax_number = "028-1"
        both = notices.filtered(lambda row: row.contract_id in self.agreement | other)
        record = both.with_user(self.callback)._record_dispatch
        with self.assertRaisesRegex(UserError, "fax number"):
            record({"channel": "fax", "proof": "x"})
        other.partner_id.fax_number = "028-2"
        record({"channel": "fax", "proof": "x"})
        self.assertEqual(sorted(both.dispatch_ids.mapped("sent_to")), ["028-1", "028-2"])

    def test_an_agreement_by_fax_is_kept_with_its_proof(self):
        """M54"""
        draft = self.make_agreement().with_user(self.specialist)
        for values in (None, {"channel": "fax", "sent_to": "028-1"}):
            with self.assertRaises(UserError):
                draft.action_mark_sent_by_hand(values)
        self.assertEqual(draft.agreement_stage, "draft")
        dialog = self.env["aftersales.dispatch"].with_user(self.specialist)
        with Form(dialog.with_context(**draft.action_open_dispatch()["context"])) as form:
            form.sent_to, form.proof = "028-1", "report 9"
        form.record.action_record()
        self.assertEqual(draft.agreement_stage, "sent")
        self.assertEqual(draft.dispatch_ids.proof, "report 9")
        self.assertTrue(draft.dispatch_ids.letter)

    # Told in time

    def told(self):
        return self.notice.told_by, self.notice.told_on, self.notice.told_in_time

    def test_nobody_told_is_not_in_time(self):
        """M55"""
        (self.customer + self.customer.software_contact_id).email = False
        self.send()
        self.assertEqual((self.notice.state, self.told()), ("print", (False, False, False)))
        self.mine.callback_ids.action_record("unreachable")
        self.assertFalse(self.notice.told_in_time)

    def test_a_mail_tells_when_a_server_has_accepted_it(self):
        """M55"""
        self.send()
        self.assertFalse(self.notice.told_in_time)
        self.deliver(self.notice)
        self.assertEqual(self.told(), ("mail", date(2026, 11, 30), True))

    def test_a_mail_that_came_back_has_told_nobody(self):
        """M55"""
        self.send()
        self.deliver(self.notice)
        self.notice._handle_bounce(self.customer.software_contact_id.email)
        self.assertEqual(self.told(), (False, False, False))

    def come_back(self, told, act):
        """The customer is told by mail, then by something else; the mail comes back."""
        self.send()
        self.deliver(self.notice)
        with freeze_time("2026-12-01 02:00:00"):
            act()
        self.assertEqual(self.told(), ("mail", date(2026, 11, 30), True))
        self.notice._handle_bounce(self.customer.software_contact_id.email)
        self.assertEqual(self.told(), (told, date(2026, 12, 1), False))

    def test_a_mail_that_came_back_leaves_the_fax_that_followed(self):
        """M55"""
        self.come_back("fax", self.dispatch)

    def test_a_mail_that_came_back_leaves_the_call_that_followed(self):
        """M55"""
        call = self.mine.callback_ids
        self.come_back("call", lambda: call.action_record("reached", "renewing"))

    def test_a_mail_that_came_back_does_not_bring_back_what_was_told_of_another_end(self):
        """M55"""
        with freeze_time("2026-11-29 02:00:00"):
            self.dispatch()
        with freeze_time("2026-11-30 02:00:01"):
            self.agreement.term_end = date(2026, 12, 20)
            self.notices._reconcile(self.company)
            self.notice._write_unlocked({"told_on": date(2026, 11, 30), "told_by": "mail"})
        self.notice.dispatch_ids.flush_recordset()
        self.env.cr.execute(
            "UPDATE aftersales_letter_dispatch SET create_date = '2026-11-29 02:00:00' WHERE id IN %s",
            (tuple(self.notice.dispatch_ids.ids),),
        )
        self.env.invalidate_all()
        self.notice._forget_mail()
        self.assertEqual(self.told(), (False, False, False))

    def test_a_fax_with_proof_tells_on_its_day(self):
        """M55"""
        with freeze_time("2026-12-02 02:00:00"):
            self.dispatch(sent_on="2026-11-30 15:59:00")
        self.assertEqual(self.told(), ("fax", date(2026, 11, 30), True))

    def test_a_call_that_reached_somebody_tells(self):
        """M55"""
        self.mine.callback_ids.action_record("reached", "renewing")
        self.assertEqual(self.told(), ("call", date(2026, 11, 30), True))

    def test_after_the_notice_day_it_is_late_whatever_came(self):
        """M55"""
        with freeze_time("2026-12-01 02:00:00"):
            self.dispatch()
        self.assertEqual(self.told(), ("fax", date(2026, 12, 1), False))
        # an earlier day that is recorded later counts
        with freeze_time("2026-12-02 02:00:00"):
            self.dispatch(channel="post", sent_on="2026-11-30 02:00:00")
        self.assertEqual(self.told(), ("post", date(2026, 11, 30), True))

    def test_another_end_has_not_been_told(self):
        """M55"""
        self.send()
        self.deliver(self.notice)
        self.agreement.term_end = date(2026, 12, 20)
        self.notices._reconcile(self.company)
        self.assertEqual(self.told(), (False, False, False))

    def test_letters_of_the_past_are_told_where_it_is_known(self):
        """M55"""
        migrate = runpy.run_path(file_path(MIGRATION))["migrate"]
        other = self.signed(self.make_installation(end=date(2026, 12, 31)))
        unknown = self.create_due().filtered(lambda row: row.contract_id == other)
        self.dispatch()
        self.notice._write_unlocked({"told_on": False, "told_by": False})
        self.env.flush_all()
        for version in (None, "19.0.2.0.0", "19.0.2.0.0"):
            migrate(self.env.cr, version)
            self.env.invalidate_all()
            self.assertEqual(bool(self.notice.told_on), bool(version))
        self.assertEqual(self.told(), ("fax", date(2026, 11, 30), True))
        self.assertFalse(unknown.told_on)
