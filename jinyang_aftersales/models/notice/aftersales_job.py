from odoo import api, models


class AftersalesJob(models.AbstractModel):
    """Renewal notices follow changes, are made when due, and sent (五.2.2)."""

    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        notices = self.env["aftersales.renewal.notice"]
        return [
            *super()._company_steps(),
            # follow changes first, then make new notices; mails go out last
            (10, notices._reconcile),
            (11, notices._create_due),
            (12, notices._send_pending),
            (13, notices._requeue_failed_mails),
        ]
