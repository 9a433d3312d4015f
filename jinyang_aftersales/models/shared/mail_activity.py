from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    """Tasks that the hourly job gives: their mails are folded into one for each person and run."""

    _name = "mail.activity"
    _inherit = ["mail.activity", "aftersales.job.mixin"]

    digest_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Told at the End of the Run Of",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="The job of this company gave the task, and its user has had no mail about it yet.",
    )

    @api.model
    def _get_job_steps(self):
        return [*super()._get_job_steps(), (99, self._mail_digests)]

    @api.model
    def _mail_digests(self, company, today):
        """Tell people of the tasks this run gave them, each person by one mail; a step of the hourly job.

        :param company: res.company
        :param datetime.date today: the company's calendar day
        :raises UserError: naming the users whose mail failed, once the others are done
        """
        # sudo: a routine of the company; tasks of all its people
        untold = self.sudo().search([("digest_company_id", "=", company.id)], order="id")
        by_user, errors = untold.grouped("user_id"), []
        self.env["aftersales.job"]._each_apart(
            untold.user_id,
            lambda user: by_user[user]._mail_digest(user, company),
            lambda user, error: errors.append(f"{user.login}: {error}"),
        )
        if errors:
            raise UserError("\n".join(errors))

    def _mail_digest(self, user, company):
        """Queue the mail about tasks of one user: the usual one for a single task, else a list of them.

        :param user: res.users
        :param company: res.company, which sends it
        """
        # Odoo writes the subject in the language of the call, which is nobody's in a job
        lang = company._aftersales_lang(user.partner_id)
        tasks = self.with_context(mail_notify_force_send=False, lang=lang)
        tasks._write_unlocked({"digest_company_id": False})
        if not user.active:
            return
        if len(tasks) == 1:
            tasks.action_notify()
            return
        self.env["mail.thread"].with_env(tasks.env).message_notify(
            partner_ids=user.partner_id.ids,
            author_id=company.partner_id.id,
            subject=tasks.env._("%s new tasks for you", len(tasks)),
            body=Markup("<ul>%s</ul>") % Markup().join(task._describe_task() for task in tasks),
            email_layout_xmlid="mail.mail_notification_layout",
        )

    def _describe_task(self):
        """:return: the task as a row of a list, with a link to its document"""
        link = f"{self.get_base_url()}/mail/view?model={self.res_model}&res_id={self.res_id}"
        return Markup("<li>%s</li>") % self.env._(
            "%(what)s: %(document)s (%(day)s)",
            what=self.summary or self.activity_type_id.name or "",
            document=Markup('<a href="%s">%s</a>') % (link, self.res_name or ""),
            day=self._say_day(self.date_deadline),
        )
