from odoo import fields, models


class ResCompany(models.Model):
    """What is missing in the set-up, told before a customer is not."""

    _inherit = "res.company"

    aftersales_run_error = fields.Text(
        string="Last Service Run Failed",
        readonly=True,
        # may name documents of any customer
        groups="base.group_user",
        help="Steps of the scheduled service jobs that failed at their last run.",
    )

    def _aftersales_setup_warnings(self):
        """What keeps renewal notices of the company from going out or their answers from coming back.

        :return: messages in the language of the reader, empty when all is well
        :rtype: list[str]
        """
        self.ensure_one()
        # sudo: the state of the set-up, without the settings behind it
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
        """Whether the hourly job runs for the company.

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
