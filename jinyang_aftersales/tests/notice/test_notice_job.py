"""The hourly job over all companies, as the scheduler runs it."""

from datetime import date
from types import MethodType
from unittest.mock import Mock, patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import ConcurrencyError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .notice_common import END, TODAY, NoticeCommon

JOB_LOGGER = "odoo.addons.jinyang_aftersales.models.company.aftersales_job"
SENDING_LOGGER = "odoo.addons.jinyang_aftersales.models.notice.sending"


@tagged("post_install", "-at_install")
class TestHourlyJob(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("jinyang_aftersales.ir_cron_hourly")

    def run_job(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        return self.env["ir.cron.progress"].search(
            [("cron_id", "=", self.cron.id)], order="id desc", limit=1
        )

    def test_job_makes_and_queues_notices_and_remembers_the_day(self):
        agreement = self.signed()
        self.run_job()
        notice = self.notices_of()
        self.assertEqual((notice.contract_id, notice.state), (agreement, "sent"))
        self.assertEqual(self.company.aftersales_last_run, TODAY)
        self.assertFalse(self.company.aftersales_run_error)

    def test_job_run_five_times_a_day_sends_one_mail(self):
        agreement = self.signed()
        for hour in range(5):
            with freeze_time(f"2026-11-30 0{hour}:00:00"):
                self.run_job()
        mails = self.env["mail.mail"].search(
            [("model", "=", "contract.contract"), ("res_id", "=", agreement.id)]
        )
        self.assertEqual(len(mails), 1)
        self.assertEqual(len(self.notices_of()), 1)

    def test_each_company_has_its_own_today_people_language_and_rows(self):
        other = self.make_company("West Company", tz="Pacific/Midway")
        other.email = "west@example.com"
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        mine = self.make_installation(end=END)
        theirs = self.make_installation(end=END, company_id=other.id)
        seen = {}
        original = type(self.notices)._create_due

        def create_due(notices, company, today):
            seen[company.id] = (
                today,
                notices.env.company,
                notices.env.companies,
                notices.env.lang,
                notices.env.user,
                str(notices.env.tz),
            )
            return original(notices, company, today)

        with (
            freeze_time("2026-11-29 23:30:00"),
            patch.object(type(self.notices), "_create_due", create_due),
        ):
            self.run_job()
        root = self.env.ref("base.user_root")
        company = self.company.with_env(self.env)
        self.assertEqual(
            seen[company.id], (TODAY, company, company, "zh_CN", root, "Asia/Shanghai")
        )
        self.assertEqual(
            seen[other.id][:3] + seen[other.id][4:],
            (date(2026, 11, 29), other, other, root, "Pacific/Midway"),
        )
        self.assertEqual(self.notices_of().installation_ids, mine)
        self.assertFalse(self.notices_of(other))
        with freeze_time("2026-12-01 02:00:00"):
            self.run_job()
        notice = self.notices_of(other)
        self.assertEqual(notice.installation_ids, theirs)
        self.assertEqual(notice.mail_id.record_company_id, other)
        self.assertIn("West Company", notice.mail_id.email_from)
        self.assertEqual(notice.letter_id.company_id, other)

    def test_time_zone_of_the_cron_user_does_not_matter(self):
        self.signed(end=END)
        for zone in (False, "America/New_York", "Asia/Tokyo"):
            with self.subTest(zone=zone), freeze_time("2026-11-29 15:30:00"):
                self.env.ref("base.user_root").tz = zone
                self.run_job()
                self.assertFalse(self.notices_of())
        with freeze_time("2026-11-29 16:00:00"):
            self.run_job()
        self.assertTrue(self.notices_of())

    def test_failing_step_stops_no_other_and_is_visible(self):
        self.signed()
        other = self.make_company("Second Company")
        other.email = "office@example.cn"
        self.make_installation(end=END, company_id=other.id)
        original = type(self.notices)._reconcile

        def reconcile(notices, company, today=None):
            if company == self.company:
                raise ValueError("out of order")
            return original(notices, company, today)

        notify = patch.object(type(self.cron), "_notify_admin", autospec=True)
        with (
            patch.object(type(self.notices), "_reconcile", reconcile),
            notify as told,
            mute_logger(JOB_LOGGER),
        ):
            self.run_job()
            self.run_job()
        self.assertEqual(self.notices_of().state, "sent", "the steps after it ran")
        self.assertEqual(self.notices_of(other).state, "sent")
        self.assertIn("out of order", self.company.aftersales_run_error)
        self.assertFalse(self.company.aftersales_last_run, "the day does not count as run")
        self.assertEqual(other.aftersales_last_run, TODAY)
        self.assertEqual(told.call_count, 1, "the same failure is told once")
        self.assertEqual(self.cron.failure_count, 0)
        self.run_job()
        self.assertFalse(self.company.aftersales_run_error)
        self.assertEqual(self.company.aftersales_last_run, TODAY)

    def test_failing_company_stops_no_other(self):
        other = self.make_company("Second Company")
        other.email = "office@example.cn"
        self.make_installation(end=END, company_id=other.id)
        original = type(self.job)._run_company

        def run_company(job, company):
            if company == self.company:
                raise ValueError("no such zone")
            return original(job, company)

        with (
            patch.object(type(self.job), "_run_company", run_company),
            self.assertLogs(JOB_LOGGER, "ERROR"),
        ):
            self.run_job()
        self.assertEqual(self.notices_of(other).state, "sent")

    def test_conflict_with_another_transaction_is_tried_again_and_stored_nowhere(self):
        self.signed()
        original = type(self.notices)._queue_mails
        conflicts = []

        def queue(notices, send_at):
            if len(conflicts) < 2:
                conflicts.append(True)
                raise SerializationFailure("could not serialize")
            return original(notices, send_at)

        with patch.object(type(self.notices), "_queue_mails", queue):
            self.run_job()
        self.assertEqual(len(conflicts), 2)
        self.assertRecordValues(
            self.notices_of(), [{"state": "sent", "error": False, "fail_count": 0}]
        )
        self.assertFalse(self.company.aftersales_run_error)

    def test_notice_that_always_fails_does_not_keep_the_job_busy(self):
        self.signed()
        broken = patch.object(
            type(self.notices), "_queue_mails", side_effect=ValueError("always broken")
        )
        with broken, mute_logger(SENDING_LOGGER):
            for _run in range(5):
                progress = self.run_job()
                self.assertEqual(progress.remaining, 0)
        self.assertEqual(self.notices_of().fail_count, 1)

    def test_job_goes_on_in_batches_when_its_time_is_up(self):
        for _number in range(5):
            self.make_installation(end=END)
        module = "odoo.addons.jinyang_aftersales.models"
        with (
            patch(f"{module}.notice.due.BATCH", 2),
            patch(f"{module}.notice.sending.BATCH", 2),
            patch("odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB", -1),
        ):
            progress = self.run_job()
        self.assertEqual(progress.remaining, 0)
        self.assertEqual(self.notices_of().mapped("state"), ["sent"] * 5)
        self.assertEqual(len(self.notices_of().callback_ids), 5)

    def test_steps_of_all_subjects_run_in_the_order_the_job_lists(self):
        # steps of further addons are in the tests of those
        own = "odoo.addons.jinyang_aftersales.models."
        names = self.registry.descendants(["aftersales.job.mixin"], "_inherit")
        named = [step for name in names for step in self.env[name]._get_job_steps()]
        listed = self.list_job_steps()
        self.assertTrue(listed)
        self.assertEqual(
            sorted(
                (number, work.__name__) for number, work in named if work.__module__.startswith(own)
            ),
            listed,
        )
        run = [work for work in self.job._ordered_steps() if work.__module__.startswith(own)]
        self.assertEqual([work.__name__ for work in run], [name for _number, name in listed])
        contracts = type(self.env["contract.contract"])
        with patch.object(contracts, "_chase_late_payments", autospec=True) as chase:
            self.run_job()
        self.assertIn((self.company, TODAY), [call.args[1:] for call in chase.call_args_list])

    def test_step_that_another_model_inherits_runs_once(self):
        heir = self.env["aftersales.change.request"]
        steps = self.job._ordered_steps()
        inherited = [
            (10, MethodType(steps[0].__func__, heir)),
            (100, heir._remind_silent_customers),
        ]
        with patch.object(type(heir), "_get_job_steps", lambda model: inherited):
            changed = self.job._ordered_steps()
        before, after = (
            [self.job._get_step_name(work) for work in works] for works in (steps, changed)
        )
        moved = self.job._get_step_name(heir._remind_silent_customers)
        self.assertEqual(after, [*(name for name in before if name != moved), moved])

    def apart(self, rows, work, **kwargs):
        """:return: rows for which it worked, those that failed with the reason"""
        done, failed = [], []

        def run(some):
            work(some)
            done.extend(some)

        self.job._apart(rows, run, lambda row, error: failed.append((row, str(error))), **kwargs)
        return done, failed

    def test_work_is_done_at_once_as_long_as_nothing_fails(self):
        sizes = []

        def work(rows):
            sizes.append(len(rows))

        self.assertEqual(self.apart([1, 2, 3], work), ([1, 2, 3], []))
        self.assertEqual(self.apart([], work), ([], []))
        self.assertEqual(sizes, [3])

    def test_a_broken_row_stops_no_other_and_leaves_nothing_behind(self):
        days = self.env["aftersales.makeup.day"]

        def work(rows):
            days.create([{"name": "Holiday", "date": f"2026-10-{row}"} for row in rows])
            if 11 in rows:
                raise ValueError("broken")

        self.assertEqual(self.apart([10, 11, 12], work), ([10, 12], [(11, "broken")]))
        made = days.search([("name", "=", "Holiday")], order="date").mapped("date")
        self.assertEqual([day.day for day in made], [10, 12])

    def test_a_key_that_another_transaction_took_is_no_failure(self):
        days = self.env["aftersales.makeup.day"]

        def work(rows):
            days.create([{"name": "Holiday", "date": f"2026-10-{row}"} for row in rows])

        work([10])
        table = days._table
        self.assertEqual(self.apart([10, 11], work, taken=(table,)), ([11], []))
        with mute_logger("odoo.sql_db"):
            done, failed = self.apart([11, 12], work)
        self.assertEqual((done, [row for row, _error in failed]), ([12], [11]))

    def test_conflicts_are_raised(self):
        for error in (SerializationFailure("x"), ConcurrencyError("x")):
            work = Mock(side_effect=error)
            with self.assertRaises(type(error)):
                self.apart([1, 2], work)
            self.assertEqual(work.call_count, 1)

    def test_steps_called_outside_the_job_do_not_commit(self):
        # a commit would raise in this test
        self.signed()
        self.create_due()
        self.send()
        self.notices._requeue_failed_mails(self.company)
        self.assertTrue(self.job._checkpoint(1, 0))
