import logging

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

# only the scheduled run may commit; the methods it calls also serve buttons, which must not
SCHEDULED = "aftersales_scheduled"
TRIES = 3


class AftersalesJob(models.AbstractModel):
    """The one scheduled action of the product: every deadline of every company, hourly."""

    _name = "aftersales.job"
    _description = "Scheduled Service Work"

    @api.model
    def _company_steps(self):
        """What is done for each company, in this order.

        A step is a model method called with the company (res.company) and its today (date). It may be
        called any number of times a day, works in batches with :meth:`_checkpoint` after each, and
        returns as a number how much it left undone for lack of time; any other value means nothing.

        :return: pairs of model and method name
        :rtype: list[tuple[str, str]]
        """
        return [
            ("aftersales.renewal.notice", "_reconcile"),
            ("aftersales.renewal.notice", "_create_due"),
            ("aftersales.renewal.notice", "_send_pending"),
            ("aftersales.renewal.notice", "_requeue_failed_mails"),
            ("contract.contract", "_chase_late_payments"),
            ("aftersales.callback", "_create_routine"),
            ("aftersales.callback", "_verify_closed"),
            ("aftersales.change.request", "_remind_silent_customers"),
            ("aftersales.deadline.mixin", "_remind_all"),
        ]

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
        for model, method in job._company_steps():
            try:
                left += job._run_step(model, method, company, today)
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("%s.%s failed for company %s", model, method, company.id)
                errors.append(f"{model}.{method}: {error}")
        job._close_run(company, today, "\n".join(errors))
        return left

    def _run_step(self, model, method, company, today):
        """One step; when another transaction was faster, once more on what it left behind.

        :return: work left for lack of time
        :rtype: int
        """
        for attempt in range(1, TRIES + 1):
            try:
                left = getattr(self.env[model], method)(company, today)
                left = left if isinstance(left, int) else 0
                # a conflict that only shows at the end belongs to this step
                self.env["ir.cron"]._commit_progress(remaining=left + 1)
                return left
            except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError):
                self.env.cr.rollback()
                if attempt == TRIES:
                    raise
                _logger.info("%s.%s meets another transaction, tried again", model, method)
        return 0

    def _close_run(self, company, today, error):
        """Remember how far the company has come, and make a failure visible.

        :param str error: what failed, empty when nothing did; the day then does not count as run, so
            that the next one still looks at it
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
