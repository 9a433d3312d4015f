"""Notices follow changes of the end of service, agreements and customers."""

from datetime import date

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...models.notice.changes import AftersalesRenewalNotice as Changes
from .notice_common import END, TODAY, NoticeCommon

EARLIER = date(2026, 12, 20)
LATER = date(2027, 6, 30)


@tagged("post_install", "-at_install")
class TestAgreementChanged(NoticeCommon):
    def signed(self):
        # software without a period of its own, whose service comes from the agreement only
        return super().signed(self.make_installation())

    def run_job(self):
        """Run the three steps of the job that make and send notices."""
        self.notices._reconcile(self.company)
        self.create_due(self.company._aftersales_today())
        self.send()
        return self.notices_of()

    def test_end_moved_into_the_future_retires_the_notice_and_makes_one_on_the_new_day(self):
        agreement = self.signed()
        notice = self.announce(agreement)
        self.deliver(notice)
        agreement.term_end = LATER
        self.assertEqual(self.run_job(), notice)
        self.assertEqual(notice.state, "superseded")
        self.assertEqual(notice.callback_ids.state, "cancelled")
        with freeze_time("2027-05-30 02:00:00"):
            new = self.run_job() - notice
            self.assertRecordValues(new, [{"state": "sent", "term_end": LATER}])
            self.assertEqual(new.callback_ids.state, "todo")

    def test_end_moved_whose_day_has_passed_updates_the_row_and_mails_nothing(self):
        agreement = self.signed()
        notice = self.announce(agreement)
        self.deliver(notice)
        mail = notice.mail_id
        with freeze_time("2026-12-02 02:00:00"):
            agreement.term_end = EARLIER
            self.assertEqual(self.run_job(), notice)
        self.assertRecordValues(
            notice,
            [
                {
                    "state": "sent",
                    "term_end": EARLIER,
                    "notice_date": date(2026, 11, 20),
                    "mail_id": mail.id,
                }
            ],
        )
        self.assertRecordValues(
            # the call that should have been made the day before stays overdue
            notice.callback_ids,
            [{"state": "todo", "due_date": date(2026, 12, 1)}],
        )

    def test_customer_called_already_is_called_again_about_a_moved_end(self):
        agreement = self.signed()
        notice = self.announce(agreement)
        self.deliver(notice)
        call = notice.callback_ids
        call.action_record("reached", "renewing")
        agreement.term_end = EARLIER
        self.run_job()
        self.assertEqual(call.answer, "renewing")
        self.assertTrue(self.activities(notice, "end_moved"))

    def test_letter_with_the_old_date_that_has_not_left_is_replaced(self):
        agreement = self.signed()
        agreement.partner_id.software_contact_id.lang = "en_US"
        notice = self.announce(agreement)
        mail = notice.mail_id
        agreement.term_end = EARLIER
        self.assertEqual(self.run_job(), notice)
        self.assertEqual(mail.state, "cancel")
        self.assertEqual(notice.mail_id.state, "outgoing")
        self.assertIn("December 20, 2026", notice.mail_id.body_html)

    def test_end_moved_and_back_leaves_the_one_notice(self):
        agreement = self.signed()
        notice = self.announce(agreement)
        self.deliver(notice)
        agreement.term_end = LATER
        self.run_job()
        agreement.term_end = END
        self.assertEqual(self.run_job(), notice)
        self.assertEqual(notice.state, "sent")
        self.assertEqual(notice.mail_id.state, "sent")
        self.assertEqual(notice.callback_ids.state, "todo")

    def test_unsent_notice_whose_end_moved_and_back_is_sent(self):
        agreement = self.signed()
        notice = self.create_due()
        agreement.term_end = LATER
        self.notices._reconcile(self.company)
        self.assertEqual(notice.state, "superseded")
        agreement.term_end = END
        self.assertEqual(self.run_job(), notice)
        self.assertEqual(notice.state, "sent")

    def test_agreement_renewed_before_the_letter_left_needs_none(self):
        agreement = self.signed()
        notice = self.announce(agreement)
        renewal = self.make_agreement(
            agreement.installation_ids, start=date(2027, 1, 1), renewal_of_id=agreement.id
        )
        self.set_stage(renewal, "signed")
        self.run_job()
        self.assertEqual(notice.state, "superseded")
        self.assertEqual(notice.mail_id.state, "cancel")
        self.assertEqual(notice.callback_ids.state, "cancelled")

    def test_agreement_renewed_after_the_letter_needs_no_call(self):
        agreement = self.signed()
        notice = self.announce(agreement)
        self.deliver(notice)
        renewal = self.make_agreement(
            agreement.installation_ids, start=date(2027, 1, 1), renewal_of_id=agreement.id
        )
        self.set_stage(renewal, "signed")
        self.run_job()
        self.assertEqual(notice.state, "sent")
        self.assertEqual(notice.callback_ids.state, "cancelled")

    def test_agreement_deleted_takes_its_notice_along(self):
        agreement = self.signed()
        notice = self.create_due()
        call = notice.callback_ids
        self.set_stage(agreement, "draft")
        agreement.unlink()
        self.send()
        self.assertFalse(notice.exists())
        self.assertEqual(call.exists(), call, "M48: no call goes, whatever it was about")

    def test_archived_agreement_is_not_announced(self):
        agreement = self.signed()
        notice = self.create_due()
        agreement.active = False
        self.notices._reconcile(self.company)
        self.assertEqual(notice.state, "superseded")

    def test_customer_archived_after_the_notice_and_back(self):
        agreement = self.signed()
        notice = self.create_due()
        agreement.partner_id.active = False
        self.run_job()
        self.assertEqual(notice.state, "withheld")
        self.assertEqual(notice.callback_ids.state, "cancelled")
        self.assertEqual(len(self.activities(notice, "notice_withheld")), 1)
        agreement.partner_id.active = True
        self.run_job()
        self.assertEqual(notice.state, "sent")
        self.assertEqual(notice.callback_ids.state, "todo")
        self.assertFalse(self.activities(notice, "notice_withheld"))

    def test_one_broken_notice_does_not_keep_others_from_following(self):
        agreements = [self.signed() for _number in range(3)]
        notices = self.create_due()
        original = Changes._follow_agreement

        def follow(notice, today):
            if notice == notices[1]:
                raise ValueError("broken")
            return original(notice, today)

        self.patch(type(self.notices), "_follow_agreement", follow)
        with mute_logger("odoo.addons.jinyang_aftersales.models.notice.sending"):
            for agreement in agreements:
                agreement.term_end = EARLIER
            self.notices._reconcile(self.company)
        self.assertEqual(notices.mapped("term_end"), [EARLIER, END, EARLIER])
        self.assertEqual(notices[1].error, "broken")


@tagged("post_install", "-at_install")
class TestGroupChanged(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer()
        cls.one = cls.make_installation(cls.customer, end=END)
        cls.two = cls.make_installation(cls.customer, end=END)

    def move(self, installation, end):
        installation._change_period(date(2026, 1, 1), end, "as agreed")

    def test_specialist_changes_a_period_and_the_notice_follows(self):
        notice = self.create_due()
        self.one.user_id = self.specialist
        self.one.with_user(self.specialist)._change_period(date(2026, 1, 1), LATER, "as agreed")
        self.assertEqual(notice.installation_ids, self.two)

    def test_installation_that_leaves_an_unsent_group_is_dropped(self):
        notice = self.create_due()
        self.two.active = False
        self.notices._reconcile(self.company)
        self.assertEqual(notice.installation_ids, self.one)
        self.one.active = False
        self.notices._reconcile(self.company)
        self.assertEqual(notice.state, "superseded")
        self.assertEqual(notice.callback_ids.state, "cancelled")
        self.one.active = True
        self.notices._reconcile(self.company)
        self.assertEqual((notice.state, notice.installation_ids), ("pending", self.one))

    def test_software_that_joins_is_named_in_the_letter_or_in_the_call(self):
        notice = self.create_due()
        three = self.make_installation(self.customer, end=END)
        self.notices._reconcile(self.company)
        self.assertEqual(notice.installation_ids, self.one | self.two | three)
        self.send()
        self.deliver(notice)
        four = self.make_installation(self.customer, end=END)
        self.notices._reconcile(self.company)
        self.notices._reconcile(self.company)
        self.assertIn(four, notice.installation_ids)
        told = notice.message_ids.filtered(lambda message: four.serial_number in message.body)
        self.assertEqual(len(told), 1)
        self.assertEqual(self.create_due(), notice)

    def test_whole_group_moved_a_little_keeps_its_row(self):
        notice = self.create_due()
        self.send()
        self.deliver(notice)
        mail = notice.mail_id
        # the job may run between the changes of the two installations
        with self.env.cr.savepoint():
            for installation in (self.one, self.two):
                installation._add_period("manual", date(2026, 1, 1), EARLIER, reason="as agreed")
        self.notices._reconcile(self.company)
        self.assertEqual(self.create_due(), notice)
        self.send()
        self.assertRecordValues(
            notice, [{"state": "sent", "term_end": EARLIER, "mail_id": mail.id}]
        )

    def test_whole_group_moved_far_is_superseded(self):
        notice = self.create_due()
        self.move(self.one, LATER)
        self.move(self.two, LATER)
        self.assertEqual(notice.state, "superseded")
        self.assertEqual(self.create_due(), notice)

    def test_part_of_a_sent_group_that_moved_gets_its_own_notice(self):
        notice = self.create_due()
        self.send()
        self.deliver(notice)
        self.move(self.one, EARLIER)
        notices = self.create_due()
        self.assertEqual(notice.term_end, END)
        self.assertRecordValues(
            notices - notice, [{"term_end": EARLIER, "installation_ids": self.one.ids}]
        )

    def test_end_moved_to_a_day_already_announced_joins_that_notice(self):
        self.move(self.two, EARLIER)
        later, earlier = self.create_due().sorted("term_end", reverse=True)
        self.move(self.one, EARLIER)
        self.assertEqual((later.state, later.superseded_by_id), ("superseded", earlier))
        self.assertEqual(earlier.installation_ids, self.one | self.two)

    def test_software_under_a_new_agreement_leaves_the_sent_notice_as_it_is(self):
        notice = self.create_due()
        self.send()
        self.deliver(notice)
        agreement = self.make_agreement(self.one | self.two, start=date(2027, 1, 1))
        self.set_stage(agreement, "signed")
        self.notices._reconcile(self.company)
        self.assertEqual((notice.state, notice.term_end), ("sent", END))
        self.assertEqual(notice.callback_ids.state, "cancelled")
        self.assertEqual(self.create_due(), notice)

    def test_merged_customers_keep_one_notice_and_all_their_software(self):
        twin = self.make_customer()
        three = self.make_installation(twin, end=END)
        self.assertEqual(len(self.create_due()), 2)
        self.make_installation(twin, end=EARLIER)
        self.create_due()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with mute_logger("odoo.addons.base.partner.merge"):
            wizard._merge((self.customer + twin).ids, self.customer)
        self.env.invalidate_all()
        self.notices._reconcile(self.company)
        notices = self.create_due()
        self.assertEqual(notices.partner_id, self.customer)
        self.assertEqual(notices.mapped("term_end"), [END, EARLIER])
        self.assertEqual(notices[0].installation_ids, self.one | self.two | three)
        self.assertEqual(notices.callback_ids.partner_id, self.customer)

    def test_reconciling_twice_changes_nothing_and_today_is_the_companys(self):
        notice = self.create_due()
        self.notices._reconcile(self.company, TODAY)
        before = notice.read()
        self.notices._reconcile(self.company)
        self.assertEqual(notice.read(), before)
