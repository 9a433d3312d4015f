"""Which notices are made and when; each is made once."""

from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...tools.dates import last_date_in_notice, notice_date
from .notice_common import END, TODAY, NoticeCommon

DUE_LOGGER = "odoo.addons.jinyang_aftersales.models.notice.due"


@tagged("post_install", "-at_install")
class TestNoticeDay(NoticeCommon):
    def test_notice_is_one_calendar_month_before_the_end(self):
        for end, first in (
            ("2027-03-31", "2027-02-28"),
            ("2027-03-30", "2027-02-28"),
            ("2028-03-31", "2028-02-29"),
            ("2028-02-29", "2028-01-29"),
            ("2027-02-28", "2027-01-28"),
            ("2026-12-31", "2026-11-30"),
            ("2027-01-31", "2026-12-31"),
            ("2027-01-01", "2026-12-01"),
        ):
            with self.subTest(end=end):
                end, first = date.fromisoformat(end), date.fromisoformat(first)
                self.assertEqual(notice_date(end, 1), first)
                self.assertGreaterEqual(last_date_in_notice(first, 1), end)
                self.assertLess(
                    last_date_in_notice(date.fromordinal(first.toordinal() - 1), 1), end
                )

    def test_nothing_is_made_the_day_before_and_something_on_the_day(self):
        agreement = self.signed(end=date(2027, 3, 31))
        self.assertFalse(self.create_due(date(2027, 2, 27)))
        notice = self.create_due(date(2027, 2, 28))
        self.assertRecordValues(
            notice,
            [
                {
                    "contract_id": agreement.id,
                    "partner_id": agreement.partner_id.id,
                    "contact_id": agreement.partner_id.software_contact_id.id,
                    "term_end": date(2027, 3, 31),
                    "notice_date": date(2027, 2, 28),
                    "state": "pending",
                    "installation_ids": agreement.installation_ids.ids,
                    "product_line_id": self.line.id,
                    "user_id": self.callback.id,
                }
            ],
        )

    def test_company_setting_moves_the_day(self):
        self.company.aftersales_notice_months = 2
        self.signed(end=date(2027, 1, 31))
        self.assertEqual(self.create_due(TODAY).notice_date, TODAY)

    def test_term_that_never_ends_in_reach_is_not_announced(self):
        self.make_installation(end=date(2999, 12, 31))
        self.assertFalse(self.create_due())

    def test_company_day_decides_not_the_clock_of_the_server(self):
        # 23:30 UTC on 29 November is the 30th in China
        for zone, made in (
            ("Pacific/Midway", False),
            ("UTC", False),
            ("Asia/Shanghai", True),
            ("Pacific/Kiritimati", True),
        ):
            with self.subTest(zone=zone), freeze_time("2026-11-29 23:30:00"):
                company = self.make_company(f"Company in {zone}", tz=zone)
                self.make_installation(
                    self.make_customer(),
                    self.make_software(),
                    end=END,
                    company_id=company.id,
                    installation_date=False,
                )
                made_by_job = self.create_due(company._aftersales_today(), company)
                self.assertEqual(bool(made_by_job), made)


@tagged("post_install", "-at_install")
class TestNoticeOnce(NoticeCommon):
    def test_five_runs_a_day_make_one_notice_and_one_call_back(self):
        self.signed()
        self.make_installation(end=END)
        for _run in range(5):
            notices = self.create_due()
        self.assertEqual(len(notices), 2)
        for notice in notices:
            self.assertEqual(len(notice.callback_ids), 1)

    def test_ten_missed_days_are_caught_up_with_once(self):
        self.signed()
        self.assertFalse(self.create_due(date(2026, 11, 29)))
        notices = self.create_due(date(2026, 12, 9))
        self.assertEqual(len(notices), 1)
        self.assertEqual(notices.state, "pending")
        self.assertEqual(notices.notice_date, TODAY)
        self.assertEqual(self.create_due(date(2026, 12, 10)), notices)

    def test_clock_that_jumps_back_makes_no_second_notice(self):
        self.signed()
        notices = self.create_due(date(2026, 12, 9))
        self.assertEqual(self.create_due(TODAY), notices)

    def test_database_refuses_a_second_row_for_the_same_term(self):
        notice = self.announce()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            notice._create_unlocked(
                {
                    "company_id": notice.company_id.id,
                    "partner_id": notice.partner_id.id,
                    "contract_id": notice.contract_id.id,
                    "term_end": notice.term_end,
                    "notice_date": notice.notice_date,
                }
            )

    def test_row_made_by_another_transaction_is_no_error(self):
        self.signed()
        self.signed()
        due = self.notices._due_agreements(self.company, TODAY, END)
        self.create_due()
        with patch.object(type(self.notices), "_due_agreements", return_value=due):
            self.assertEqual(len(self.create_due()), 2)

    def test_one_broken_term_does_not_stop_the_others_and_is_reported(self):
        agreements = [self.signed() for _number in range(3)]
        original = type(self.notices)._open_callbacks

        def broken(notices):
            if agreements[1] in notices.contract_id:
                raise ValueError("no telephone")
            return original(notices)

        with (
            patch.object(type(self.notices), "_open_callbacks", broken),
            mute_logger(DUE_LOGGER),
            self.assertRaisesRegex(UserError, "no telephone"),
        ):
            self.notices._create_due(self.company, TODAY)
        made = self.notices_of().contract_id
        self.assertEqual(made, agreements[0] | agreements[2])
        self.assertEqual(self.create_due().contract_id, made | agreements[1], "tried again later")

    def test_conflict_with_another_transaction_is_raised(self):
        self.signed()
        with (
            patch.object(
                type(self.notices), "_open_callbacks", side_effect=SerializationFailure("busy")
            ),
            self.assertRaises(SerializationFailure),
        ):
            self.notices._create_due(self.company, TODAY)


@tagged("post_install", "-at_install")
class TestNoticeWho(NoticeCommon):
    def test_only_signed_agreements_without_a_signed_renewal_are_announced(self):
        for stage in ("draft", "sent", "lost"):
            self.set_stage(self.signed(), stage)
        renewed = self.signed()
        renewal = self.make_agreement(
            renewed.installation_ids, start=date(2027, 1, 1), renewal_of_id=renewed.id
        )
        self.set_stage(renewal, "signed")
        offered = self.signed()
        self.make_agreement(
            offered.installation_ids, start=date(2027, 1, 1), renewal_of_id=offered.id
        )
        # software of agreements that were never signed gets its own notice
        self.assertEqual(self.create_due().contract_id, offered)

    def test_plain_contracts_are_not_announced(self):
        self.env["contract.contract"].create(
            {
                "name": "Hosting",
                "partner_id": self.make_customer().id,
                "company_id": self.company.id,
            }
        )
        self.assertFalse(self.create_due())

    def test_installations_without_agreement_are_grouped_by_customer_and_end(self):
        customer = self.make_customer()
        one = self.make_installation(customer, end=END)
        two = self.make_installation(customer, end=END)
        earlier = self.make_installation(customer, end=date(2026, 12, 30))
        other = self.make_installation(end=END)
        self.make_installation(customer, end=END).active = False
        notices = self.create_due()
        self.assertEqual(
            {(row.partner_id, row.term_end, row.installation_ids) for row in notices},
            {
                (customer, END, one | two),
                (customer, date(2026, 12, 30), earlier),
                (other.partner_id, END, other),
            },
        )
        self.assertFalse(notices.contract_id)

    def test_installation_that_a_signed_agreement_carries_on_has_no_notice_of_its_own(self):
        installation = self.make_installation(end=END)
        agreement = self.make_agreement(
            installation, start=date(2027, 1, 1), end=date(2027, 12, 31)
        )
        self.set_stage(agreement, "signed")
        self.assertFalse(self.create_due())
        self.set_stage(agreement, "lost")
        self.assertEqual(self.create_due().installation_ids, installation)

    def test_letter_over_several_lines_has_no_line(self):
        customer = self.make_customer()
        other = self.env["aftersales.product.line"].create({"name": "Other", "brand": "Other"})
        self.make_installation(customer, end=END)
        self.make_installation(customer, self.make_software(line=other), end=END)
        notice = self.create_due()
        self.assertFalse(notice.product_line_id)
        self.assertEqual(notice.letter_title, "Notice of Expiry of After-Sales Service")

    def test_second_company_gets_its_own_rows_with_its_own_people_and_numbers(self):
        other = self.make_company("Second Company")
        caller = self.make_user(
            "caller",
            "jinyang_aftersales.group_callback",
            company_id=other.id,
            company_ids=other.ids,
        )
        customer = self.make_customer()
        mine = self.make_installation(customer, end=END)
        theirs = self.make_installation(customer, end=END, company_id=other.id)
        first = self.create_due()
        second = self.create_due(company=other)
        self.assertEqual(first.installation_ids, mine)
        self.assertEqual(second.installation_ids, theirs)
        self.assertEqual(second.user_id, caller)
        self.assertEqual(second.callback_ids.company_id, other)
        self.assertRegex(first.name, r"^TZ2026-\d{5}$")
        self.assertNotEqual(first.name, second.name)
        self.assertNotIn(second, self.notices.with_user(self.callback).search([]))

    def test_no_number_sequence_is_said_plainly(self):
        self.env["ir.sequence"].search([("code", "=", "aftersales.renewal.notice")]).active = False
        self.signed()
        with mute_logger(DUE_LOGGER), self.assertRaisesRegex(UserError, "number sequence"):
            self.notices._create_due(self.company, TODAY)

    def test_archived_customer_gets_no_letter_but_somebody_is_told_once(self):
        agreement = self.signed()
        agreement.partner_id.active = False
        for _run in range(3):
            notice = self.create_due()
            self.send()
        self.assertEqual(notice.state, "withheld")
        self.assertFalse(notice.mail_id)
        self.assertFalse(notice.callback_ids)
        self.assertEqual(self.activities(notice, "notice_withheld").user_id, self.callback)

    def test_caller_is_the_setting_else_a_call_back_specialist_else_a_manager(self):
        roles = self.company._aftersales_callback_user
        self.assertEqual(roles(), self.callback)
        self.company.aftersales_callback_user_id = self.employee
        self.assertEqual(roles(), self.callback, "who cannot read notices is not asked to call")
        self.company.aftersales_callback_user_id = False
        self.callback.active = False
        self.assertEqual(roles(), self.manager)
        self.manager.active = False
        self.assertIn(roles(), self.company._aftersales_managers())


@tagged("post_install", "-at_install")
class TestNoticeMissed(NoticeCommon):
    def test_service_that_ended_since_the_last_run_becomes_a_task_without_mail(self):
        self.company._write_unlocked({"aftersales_last_run": date(2026, 11, 25)})
        late = self.signed(end=date(2026, 11, 27))
        self.signed(end=date(2026, 11, 20))
        notice = self.create_due()
        self.send()
        self.assertEqual(notice.contract_id, late)
        self.assertEqual(notice.state, "missed")
        self.assertFalse(notice.mail_id)
        told = self.activities(notice, "ended_without_notice").user_id
        self.assertEqual(told, self.callback | self.manager)

    def test_first_run_ever_digs_nothing_up(self):
        self.company._write_unlocked({"aftersales_last_run": False})
        self.signed(end=date(2026, 11, 29))
        self.assertFalse(self.create_due())

    def test_last_day_of_service_is_still_announced_and_the_day_after_is_not(self):
        self.signed(end=TODAY)
        self.create_due()
        self.send()
        self.assertEqual(self.notices_of().state, "sent")
        other = self.signed(end=TODAY)
        notice = self.create_due() - self.notices_of().filtered("mail_id")
        self.assertEqual(notice.contract_id, other)
        with freeze_time("2026-12-01 02:00:00"):
            self.send()
        self.assertEqual(notice.state, "missed")
        self.assertTrue(self.activities(notice, "ended_without_notice"))

    def test_mail_that_did_not_leave_before_the_end_is_taken_back(self):
        notice = self.announce(self.signed(end=TODAY))
        with freeze_time("2026-12-01 02:00:00"):
            self.send()
            self.send()
        self.assertEqual(notice.state, "missed")
        self.assertEqual(notice.mail_id.state, "cancel")
        self.assertEqual(len(self.activities(notice, "ended_without_notice")), 2)


@tagged("post_install", "-at_install")
class TestNoticeCost(NoticeCommon):
    def cost(self, count, elsewhere=0):
        """Number of queries of the job with a number of due notices, which are rolled back."""
        point = self.cr.savepoint()
        try:
            return self.cost_in(self.company, count, elsewhere)
        finally:
            point.close(rollback=True)
            self.env.invalidate_all()

    def cost_in(self, company, count, elsewhere):
        product = self.make_software()
        for number in range(count + elsewhere):
            end = END if number < count else date(2027, 12, 31)
            self.make_installation(None, product, end=end, company_id=company.id)
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        self.notices._create_due(company, TODAY)
        self.notices._send_pending(company)
        self.env.flush_all()
        used = self.cr.sql_log_count - start
        sent = self.notices_of(company).filtered(lambda row: row.state == "sent")
        self.assertEqual(len(sent), count)
        return used

    def test_cost_follows_the_due_notices_only(self):
        self.cost(1)
        base, ten = self.cost(1), self.cost(10)
        # Once for the batch: calendar, holidays and make-up days for the due day of calls, the counter of the year for
        # the first number, the call-back specialist as follower, how customers want their letters, and the link in
        # the mail.
        self.assertLessEqual(base, 86)
        # for each notice three queries to draw its number: sequence, date range, counter
        self.assertLessEqual(ten - base, 9 * 3)
        self.assertLessEqual(self.cost(1, elsewhere=20) - base, 1)
