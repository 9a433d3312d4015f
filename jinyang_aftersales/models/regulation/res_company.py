from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _aftersales_setup_warnings(self):
        """See the base method; also: whether it can be proved how the version in force came about."""
        found = super()._aftersales_setup_warnings()
        version = self.env["aftersales.regulation"]._get_in_force(self).sudo()
        if version.missing_proof:
            found.append(
                self.env._(
                    "%(regulation)s: no proof of %(missing)s (劳动合同法 4; ask your lawyer).",
                    regulation=version.display_name,
                    missing=version.missing_proof,
                )
            )
        return found
