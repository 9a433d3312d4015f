from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.dates import LAST_DAY
from .history import installation_field


class AftersalesServicePeriod(models.Model):
    """One stretch of service of an installation, and where it came from (五.6.1, 五.2.7).

    Rows are only added, superseded or reverted, by the methods of the installation and the agreement; the
    service dates of an installation are derived from the effective ones.
    """

    _name = "aftersales.service.period"
    _description = "Service Period"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _order = "recorded_on desc, id desc"
    _allow_sudo_commands = False

    installation_id = installation_field()
    company_id = fields.Many2one(related="installation_id.company_id", store=True)
    # empty where a ledger that was taken over names the end only
    date_start = fields.Date(string="From")
    date_end = fields.Date(string="To", required=True)
    origin = fields.Selection(
        selection=[
            ("initial", "First Period"),
            ("agreement", "Paid Agreement"),
            ("manual", "Changed by Hand"),
        ],
        required=True,
    )
    contract_id = fields.Many2one(
        comodel_name="contract.contract",
        string="Agreement",
        index="btree_not_null",
        ondelete="restrict",
    )
    reason = fields.Char()
    recorded_on = fields.Datetime(required=True, default=fields.Datetime.now)
    recorded_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Recorded By",
        default=lambda self: self.env.user,
    )
    superseded_by_id = fields.Many2one(
        comodel_name="aftersales.service.period", index="btree_not_null", ondelete="set null"
    )
    reverted_on = fields.Datetime()
    revert_reason = fields.Char(string="Why Reverted")
    effective = fields.Boolean(
        compute="_compute_effective",
        store=True,
        recursive=True,
        help="Counts for the service dates: neither reverted nor replaced by an effective period.",
    )

    # An agreement moves the period once, also when its payment is undone and made again.
    _one_per_agreement = models.UniqueIndex(
        "(installation_id, contract_id) WHERE contract_id IS NOT NULL AND reverted_on IS NULL",
        "This agreement has already moved the service period of the installation.",
    )

    @api.depends("reverted_on", "superseded_by_id.effective")
    def _compute_effective(self):
        for period in self:
            period.effective = not period.reverted_on and not period.superseded_by_id.effective

    def _order_by_end(self):
        """:return: key by which periods are sorted, the last one to end last"""
        return self.date_end, self.date_start or date.min

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for period in self:
            if period.date_end > LAST_DAY:
                raise ValidationError(
                    self.env._(
                        "The service period of %(installation)s cannot go on until %(end)s. Enter a day up "
                        "to %(last)s.",
                        installation=period.installation_id.display_name,
                        end=self._say_day(period.date_end),
                        last=self._say_day(LAST_DAY),
                    )
                )
            if period.date_start and period.date_end < period.date_start:
                raise ValidationError(
                    self.env._(
                        "The service period of %(installation)s ends on %(end)s, before it begins on "
                        "%(start)s. Correct one of the dates.",
                        installation=period.installation_id.display_name,
                        start=self._say_day(period.date_start),
                        end=self._say_day(period.date_end),
                    )
                )
