from odoo import fields, models


class ResCompany(models.Model):
    """Warnings about gaps in the set-up, before a customer misses a letter because of them."""

    _inherit = "res.company"

    aftersales_run_error = fields.Text(
        string="Last Service Run Failed",
        readonly=True,
        # The text may name documents of any customer, so portal users do not read it.
        groups="base.group_user",
        help="Steps of the scheduled service jobs that failed at their last run.",
    )

    def _aftersales_setup_warnings(self):
        """Reasons why renewal notices of the company do not go out, or answers to them do not arrive.

        :return: messages in the language of the reader, empty when there are none
        :rtype: list[str]
        """
        self.ensure_one()
        # sudo: only whether something is missing is told, not the values of the settings
        company = self.sudo()
        found = []
        if not company.catchall_email:
            found.append(
                self.env._(
                    "%s has no catch-all domain: customers' replies to renewal notices do not arrive on "
                    "the agreement. Set an alias domain in the general settings.",
                    company.name,
                )
            )
        if not company.email:
            found.append(
                self.env._("%s has no e-mail address to send renewal notices from.", company.name)
            )
        if not company._aftersales_callback_user():
            found.append(
                self.env._(
                    "Nobody in %s calls customers about renewals: choose a call-back specialist.",
                    company.name,
                )
            )
        if company.env["ir.actions.report"].get_wkhtmltopdf_state() == "install":
            found.append(
                self.env._(
                    "wkhtmltopdf is not installed: expiry letters cannot be printed or sent."
                )
            )
        return found + company._aftersales_job_warnings()

    def _aftersales_job_warnings(self):
        """Reasons why the hourly job does not run for the company, or failed at its last run.

        :rtype: list[str]
        """
        found = []
        cron = self.env.ref("jinyang_aftersales.ir_cron_hourly", raise_if_not_found=False)
        if not cron or not cron.active:
            found.append(
                self.env._(
                    "The hourly service job is switched off: no renewal notice is made or sent."
                )
            )
        if self.aftersales_run_error:
            found.append(
                self.env._(
                    "The last service run of %(company)s failed: %(error)s",
                    company=self.name,
                    error=self.aftersales_run_error,
                )
            )
        return found
