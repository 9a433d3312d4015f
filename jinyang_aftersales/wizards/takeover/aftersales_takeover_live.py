from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...groups import DIRECTORS
from ...tools.dates import last_date_in_notice

# working days over which the calls about letters of the first day are spread
DAYS_OF_CALLS = 10


class AftersalesTakeoverLive(models.TransientModel):
    """The day from which records that were taken over are owed something, and what happens with what is due that day.

    Says first what follows: how many letters are due, and how many routine calls will be spread over the interval.
    """

    _name = "aftersales.takeover.live"
    _description = "Go Live"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    software_count = fields.Integer(compute="_compute_counts")
    agreement_count = fields.Integer(compute="_compute_counts")
    ticket_count = fields.Integer(compute="_compute_counts")
    letter_count = fields.Integer(
        string="Letters Due",
        compute="_compute_counts",
        help="Service that ends within the notice period.",
    )
    call_count = fields.Integer(string="Routine Calls", compute="_compute_counts")
    interval_days = fields.Integer(string="Interval", compute="_compute_counts")
    letters = fields.Selection(
        selection=[
            ("told", "These customers are told already"),
            ("print", "Print them"),
            ("send", "Send them"),
        ],
        required=True,
        default="told",
        help="What becomes of letters whose day came before.",
    )

    @api.depends("company_id")
    def _compute_counts(self):
        for dialog in self:
            company = dialog.company_id
            taken = [("company_id", "=", company.id), ("taken_over_on", "!=", False)]
            software = self.env["aftersales.installation"]
            customers = software._read_group(taken, ["partner_id"])
            dialog.software_count = software.search_count(taken)
            dialog.agreement_count = self.env["contract.contract"].search_count(
                [*taken, ("is_service_agreement", "=", True)]
            )
            dialog.ticket_count = self.env["helpdesk.ticket"].search_count(taken)
            dialog.letter_count = len(dialog._find_letters())
            # sudo: a setting of the company
            dialog.interval_days = company.sudo().aftersales_callback_interval_days
            dialog.call_count = len(customers) if dialog.interval_days else 0

    def _find_letters(self):
        """What would have been announced before this day, and has not ended.

        :return: see ``_due_agreements`` of the notices
        :rtype: list[tuple]
        """
        company = self.company_id
        today = company._aftersales_today()
        # sudo: notices of the whole company; only their number is told
        notices = self.env["aftersales.renewal.notice"].sudo().with_company(company)
        last = last_date_in_notice(today, company.sudo().aftersales_notice_months)
        return [
            *notices._due_agreements(company.sudo(), today, last, silent=True),
            *notices._due_installations(company.sudo(), today, last, silent=True),
        ]

    def action_go_live(self):
        """Go live: from now on letters, deadlines, calls and cases come from what was taken over, for days from today.

        :raises AccessError: for users other than directors of the company
        :raises UserError: when the company is live already, or nothing was taken over
        """
        self.ensure_one()
        company = self.company_id
        if not self.env.user.has_group(DIRECTORS) or company not in self.env.companies:
            raise AccessError(self.env._("A director of the company decides when it goes live."))
        # sudo: the role was checked; days of the company's settings
        settings = company.sudo()
        if settings.aftersales_live_on:
            raise UserError(
                self.env._(
                    "The company has been live since %s.",
                    company._say_day(settings.aftersales_live_on),
                )
            )
        if not settings.aftersales_takeover_on:
            raise UserError(self.env._("Nothing was taken over: the company is live anyway."))
        letters = self._find_letters() if self.letters != "told" else []
        settings._write_unlocked({"aftersales_live_on": company._aftersales_today()})
        self._make_letters(letters)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Live: %(letters)s letters, %(calls)s routine calls spread over %(days)s days.",
                    letters=len(letters),
                    calls=self.call_count,
                    days=self.interval_days,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _make_letters(self, letters):
        """Make the notices that are due; the next run of the job sends them, or people print them."""
        company = self.company_id.sudo()
        today = company._aftersales_today()
        # sudo: no user may make notices; a director decided on these
        notices = self.env["aftersales.renewal.notice"].sudo().with_company(company)
        before = notices.search([("company_id", "=", company.id)], order="id desc", limit=1).id or 0
        common = {"company_id": company.id, "user_id": company._aftersales_callback_user().id}
        errors = []
        notices._create_claimed(
            [common | notices._prepare_notice(company, today, *terms) for terms in letters], errors
        )
        if errors:
            raise UserError("\n".join(errors))
        made = notices.search([("company_id", "=", company.id), ("id", ">", before)])
        if self.letters == "print":
            made.filtered(lambda notice: notice.state == "pending")._to_print()
        for number, call in enumerate(made.callback_ids.sorted("id")):
            # not all on one day
            day = company._aftersales_next_working_day(today, 1 + number % DAYS_OF_CALLS)
            call._write_unlocked({"due_date": day, "due_date_first": day})
