from odoo import api, fields, models

# how long customers are found by a telephone or QQ number they do not have any more
KEPT_DAYS = 365
KINDS = [("phone", "Telephone"), ("qq", "QQ Number"), ("name", "Name")]


class AftersalesPartnerKey(models.Model):
    """By what a customer or contact is found, and compared with others.

    ========================  ==============================================================
    Who                       May
    ========================  ==============================================================
    nobody                    anything: methods of contacts write them, searches read them
    ========================  ==============================================================
    """

    _name = "aftersales.partner.key"
    _description = "Search Key of a Contact"
    _inherit = "aftersales.guard.mixin"
    _order = "id"
    _log_access = False
    _rec_name = "key"

    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    until = fields.Date(
        string="Found Until", readonly=True, help="Set when the contact has the number no longer."
    )

    # from the beginning and from the end
    _key_idx = models.Index("(key text_pattern_ops, kind)")
    _end_idx = models.Index("(reverse(key) text_pattern_ops) WHERE kind IN ('phone', 'qq')")

    @api.autovacuum
    def _forget_old_numbers(self):
        self.search([("until", "<", fields.Date.today())])._unlink_unlocked()
