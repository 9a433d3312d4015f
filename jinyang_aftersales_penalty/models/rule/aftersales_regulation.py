from odoo import api, models

from odoo.addons.jinyang_aftersales.groups import DIRECTORS

RELEASE_ACTIVITY = "jinyang_aftersales_penalty.mail_activity_release"


class AftersalesRegulation(models.Model):
    """Managers and directors are told when no version is in force, because no rule holds without one (十)."""

    _inherit = "aftersales.regulation"

    @api.model
    def _get_job_steps(self):
        return [*super()._get_job_steps(), (45, self._warn_of_none)]

    @api.model
    def _warn_of_none(self, company, today):
        """Step of the hourly job: once a day, ask for the release of the latest draft while no version is in force.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        """
        if company.aftersales_last_run == today or self._get_in_force(company):
            return
        # sudo: drafts, for a job without rights on them
        drafts = self.sudo().search(
            [("company_id", "=", company.id), ("state", "=", "draft")], order="id desc", limit=1
        )
        drafts._notify_users(
            company._aftersales_managers() | company._aftersales_users(DIRECTORS),
            RELEASE_ACTIVITY,
            lambda version: version.env._(
                "No version of the regulation is in force: no rule holds before this one is released."
            ),
            once=True,
        )

    def action_release(self):
        result = super().action_release()
        # sudo: drafts of the companies, whose activities ask for what is done now
        drafts = self.sudo().search([("company_id", "in", self.company_id.ids)])
        drafts._withdraw_activities(RELEASE_ACTIVITY)
        return result
