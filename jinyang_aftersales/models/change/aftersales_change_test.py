from odoo import fields, models

from .values import RESULTS


class AftersalesChangeTest(models.Model):
    """A test of a program change by the specialist who confirmed it (五.4.6).

    ====================  =====================================================================
    Who                   May
    ====================  =====================================================================
    service roles         read those of the requests they read
    nobody                create, write or delete: only ``action_record_test`` of the request
    ====================  =====================================================================
    """

    _name = "aftersales.change.test"
    _description = "Test of a Program Change"
    _inherit = "aftersales.ledger.mixin"
    _order = "change_id, round, id"
    _rec_name = "change_id"
    _allow_sudo_commands = False

    change_id = fields.Many2one(
        comodel_name="aftersales.change.request",
        string="Program Change",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="change_id.company_id", store=True, index=True)
    round = fields.Integer(required=True)
    tester_id = fields.Many2one(comodel_name="res.users", person="fact", required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    result = fields.Selection(selection=RESULTS, required=True)
    found = fields.Text(string="What Was Found")
    customer_invited = fields.Boolean(help="The customer tested, too.")
    substitute_reason = fields.Char(
        string="In Place Of",
        help="Why a service manager tested in place of the specialist who confirmed the need.",
    )

    _once = models.UniqueIndex("(change_id, round)", "This round has been tested already.")

    def _get_ledger_refusal(self):
        return self.env._("Tests are recorded on the program change.")
