from odoo import api, models


class AftersalesWizardMixin(models.AbstractModel):
    """A wizard about records that are not for everybody: it is made by who reads them.

    Who reads a link is told the name of what it leads to, and computed fields tell more, whoever may read the record
    itself. A constraint would not do: it is checked with all rights.
    """

    _name = "aftersales.wizard.mixin"
    _description = "Wizard About a Private Record"

    # field that links to what the wizard is about
    _subject = None

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards._check_subject()
        return wizards

    def write(self, vals):
        result = super().write(vals)
        self._check_subject()
        return result

    def _check_subject(self):
        """:raises AccessError: for records the user does not read"""
        self[self._subject].check_access("read")
