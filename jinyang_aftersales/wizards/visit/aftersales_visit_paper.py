from odoo import api, fields, models

from ...models.visit.values import OPINION_FIELDS, SCORES

WRITTEN = ("result", *OPINION_FIELDS, "signed_by_name")


class AftersalesVisitPaper(models.TransientModel):
    """Asks what stands on a feedback form that was signed on paper, and for its scan (五.3.5)."""

    _name = "aftersales.visit.paper"
    _description = "Feedback Form Signed on Paper"
    _inherit = ["aftersales.dialog.mixin", "aftersales.file.mixin"]
    _scan_fields = ("scan",)
    _scan_names = ("scan_name",)

    visit_id = fields.Many2one(
        comodel_name="aftersales.visit", required=True, ondelete="cascade", readonly=True
    )
    signed_by_name = fields.Char(
        string="Signatory",
        help="Who signed, or whose department sealed the form.",
    )
    day = fields.Date(
        string="Day It Was Signed",
        default=lambda self: self.env.company._aftersales_today(),
        required=True,
    )
    scan = fields.Binary(
        string="Photo or Scan",
        attachment=True,
        required=True,
        help="PDF, JPEG or PNG, up to 10 MB.",
    )
    scan_name = fields.Char()
    result = fields.Text()
    customer_opinion = fields.Text(string="Customer's Opinion")
    score_attitude = fields.Selection(
        selection=SCORES,
        string="Attitude",
    )
    score_skill = fields.Selection(selection=SCORES, string="Skill")
    score_result = fields.Selection(selection=SCORES, string="Outcome")

    @api.model
    def default_get(self, fields):
        """Propose what the visit says already."""
        values = super().default_get(fields)
        visit = self.env["aftersales.visit"].browse(values.get("visit_id"))
        if visit:
            visit.check_access("read")
            values.update({name: visit[name] for name in WRITTEN if name in fields})
        return values

    def action_confirm(self):
        """Accept the form; see ``action_sign_paper`` of the visit for what is refused."""
        self.ensure_one()
        visit = self.visit_id
        visit.write({name: self[name] for name in WRITTEN if self[name] != visit[name]})
        scan = self._get_file("scan")
        visit.action_sign_paper(self.day, scan, self.scan_name)
        return {"type": "ir.actions.act_window_close"}
