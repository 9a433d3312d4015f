import logging
from contextlib import nullcontext
from operator import itemgetter

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import mute_logger

_logger = logging.getLogger(__name__)

# Only the scheduled run may commit. The methods that it calls serve buttons, too, where a commit is wrong.
SCHEDULED = "aftersales_scheduled"
TRIES = 3


class AftersalesJob(models.AbstractModel):
    """The one scheduled action of the product: every deadline of every company, hourly.

    Each model names its own steps, see ``aftersales.job.mixin``. This is their order, with the work or the reason::

         9  _make_offers              offers that go out with the notice, before the notice is made
        10  _reconcile                notices follow ends of service that moved, before new ones are made (五.2.2)
        11  _create_due               notices that are due
        12  _send_pending             mail goes out in the run that made the notice
        13  _requeue_failed_mails     notices whose mail did not leave
        20  _chase_late_payments      agreements that should have been paid (五.2.6)
        21  _remind_debts             other invoices that should have been paid (四 专员.6)
        30  _create_routine           routine calls (五.5.4)
        31  _verify_closed            second calls of tickets that were closed unnoticed (四 专员.2)
        40  _remind_silent_customers  customers who gave no opinion of a program change (五.4.7)
        55  _tell_unknown             years whose public holidays are missing, from October on
        58  _end_links                links in mails to documents that have ended
        60  _remind_all               after the steps that make documents, whose deadlines may have passed already
        65  _check_leavers            open work of people who left
        70  _remind_missing           employees who have not acknowledged the regulation (八)
        99  _mail_digests             people are told of their new tasks by one mail each

    Other addons number their steps between these; a step that makes documents comes before 60.
    """

    _name = "aftersales.job"
    _description = "Scheduled Service Work"

    @api.model
    def _ordered_steps(self):
        """Steps of all models that inherit ``aftersales.job.mixin``.

        :return: the bound methods, in the order in which they run
        :rtype: list[collections.abc.Callable]
        """
        steps, ordered = [], {}
        for name in self.pool.descendants(["aftersales.job.mixin"], "_inherit"):
            steps += self.env[name]._get_job_steps()
        for _number, work in sorted(steps, key=itemgetter(0)):
            # A model that inherits another one under a name of its own names its steps again; each runs once.
            ordered.setdefault(work.__func__, work)
        return list(ordered.values())

    @api.model
    def _cron_hourly(self):
        """Run all steps for all companies; a failing step or company stops no other.

        Called by the scheduler only: it commits after each batch.
        """
        left = 0
        for company in self.env["res.company"].search([("active", "=", True)], order="id"):
            try:
                left += self._run_company(company)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("The service run of company %s broke off", company.id)
            self.env["ir.cron"]._commit_progress(1, remaining=left + 1)
        self.env["ir.cron"]._commit_progress(remaining=left)

    def _run_company(self, company):
        """Run the steps for one company, as if one of its users did.

        :return: work left for lack of time
        :rtype: int
        """
        job = self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            lang=company._aftersales_lang(),
            tz=company._aftersales_zone().zone,
            **{SCHEDULED: True},
        )
        company = company.with_env(job.env)
        today = company._aftersales_today()
        left, errors = 0, []
        for work in job._ordered_steps():
            try:
                left += job._run_step(work, company, today)
            except Exception as error:
                self.env.cr.rollback()
                name = job._get_step_name(work)
                _logger.exception("%s failed for company %s", name, company.id)
                errors.append(f"{name}: {error}")
        job._close_run(company, today, "\n".join(errors))
        return left

    @api.model
    def _get_step_name(self, work):
        """:return: model and method of a step, for messages"""
        return f"{work.__self__._name}.{work.__name__}"

    def _run_step(self, work, company, today):
        """Run one step; run it again, up to three times, when it conflicts with another transaction.

        :param work: bound method of a model
        :param company: res.company
        :param datetime.date today: the company's calendar day
        :return: work left for lack of time
        :rtype: int
        """
        for attempt in range(1, TRIES + 1):
            try:
                left = work(company, today)
                left = left if isinstance(left, int) else 0
                # Commit now: a conflict that shows only at the commit then belongs to this step.
                self.env["ir.cron"]._commit_progress(remaining=left + 1)
                return left
            except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError):
                self.env.cr.rollback()
                if attempt == TRIES:
                    raise
                _logger.info("%s meets another transaction, tried again", self._get_step_name(work))
        return 0

    def _close_run(self, company, today, error):
        """Store on the company which day the job has finished, and which steps failed.

        A day on which a step failed does not count as finished, so that the next run does its work again.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :param str error: names of the failed steps with their errors, empty when none failed
        """
        vals = {"aftersales_run_error": error or False}
        if not error:
            vals["aftersales_last_run"] = today
        vals = {name: value for name, value in vals.items() if company[name] != value}
        if not vals:
            return
        company._write_unlocked(vals)
        if vals.get("aftersales_run_error"):
            self.env["ir.cron"]._notify_admin(
                self.env._(
                    "The service run of %(company)s failed: %(error)s",
                    company=company.name,
                    error=error,
                )
            )

    @api.model
    def _checkpoint(self, processed, left):
        """Commit a finished batch, in a scheduled run only.

        :param int processed: records of the batch
        :param int left: records still to do
        :return: whether there is time for another batch
        :rtype: bool
        """
        if not self.env.context.get(SCHEDULED):
            return True
        return self.env["ir.cron"]._commit_progress(processed, remaining=left + 1) > 0

    @api.model
    def _apart(self, rows, work, failed, taken=()):
        """Do some work for many rows at once or, when that fails, for each row by itself: a broken row stops no other.

        :param rows: a list or a recordset
        :param work: function of some of the rows
        :param failed: function of one row and the error
        :param taken: names of tables; a row is done when another transaction has taken its unique key there
        :raises OperationalError: on a conflict with another transaction: the step is run again
        :raises ConcurrencyError: likewise
        """
        if not rows:
            return
        # Log no error for a unique key that another transaction has taken.
        quiet = mute_logger("odoo.sql_db") if taken else nullcontext()
        try:
            with quiet, self.env.cr.savepoint():
                work(rows)
        except (OperationalError, ConcurrencyError):
            raise
        except Exception as error:
            if len(rows) > 1:
                self._each_apart(rows, work, failed, taken)
            elif not isinstance(error, UniqueViolation) or error.diag.table_name not in taken:
                failed(rows[0], error)

    @api.model
    def _each_apart(self, rows, work, failed, taken=()):
        """Do some work for each row by itself; the arguments are those of :meth:`_apart`."""
        for place in range(len(rows)):
            self._apart(rows[place : place + 1], work, failed, taken)
