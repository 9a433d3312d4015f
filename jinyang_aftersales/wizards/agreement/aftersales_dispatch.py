from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.text import list_words


class AftersalesDispatch(models.TransientModel):
    """Asks where papers of documents went by fax or post, and for the proof."""

    _name = "aftersales.dispatch"
    _description = "Record Fax or Post"
    _inherit = ["aftersales.chosen.mixin", "aftersales.dialog.mixin"]

    document_names = fields.Char(string="Documents", compute="_compute_documents")
    papers = fields.Json(compute="_compute_documents")
    paper = fields.Selection(
        selection="_get_papers", compute="_compute_paper", store=True, readonly=False
    )
    has_choice = fields.Boolean(compute="_compute_documents")
    channel = fields.Selection(
        selection=[("fax", "Fax"), ("post", "Post")],
        compute="_compute_channel",
        store=True,
        readonly=False,
    )
    sent_to = fields.Char(
        string="Number or Address",
        compute="_compute_sent_to",
        store=True,
        readonly=False,
        help="The fax number or the address the letter went to.",
    )
    sent_on = fields.Datetime(required=True, default=fields.Datetime.now)
    proof = fields.Char(
        help="Fax report, waybill number or whatever shows that the letter went out."
    )
    proof_file = fields.Binary(string="Proof as a File")
    proof_name = fields.Char()

    @api.model
    def default_get(self, fields):
        """The documents chosen in a list, or the one on whose form the dialogue is opened."""
        values = super().default_get(fields)
        if values.get("res_model") == self.env.context.get("active_model"):
            values.setdefault("res_ids", self.env.context.get("active_ids"))
        return values

    @api.depends("res_model", "res_ids")
    def _compute_documents(self):
        for wizard in self:
            documents = wizard._get_documents()
            wizard.document_names = list_words(self.env, documents.mapped("display_name"))
            wizard.papers = list(documents._dispatch_reports)
            wizard.has_choice = len(documents._dispatch_reports) > 1

    @api.depends("papers")
    def _compute_paper(self):
        for wizard in self:
            wizard.paper = wizard.papers[0] if wizard.papers else False

    @api.model
    def _get_papers(self):
        """:return: the papers of all documents, which the form narrows to those of its own
        :rtype: list[tuple[str, str]]
        """
        names = [
            name
            for model in self.env.registry.values()
            for name in getattr(model, "_dispatch_reports", ())
        ]
        # sudo: names of reports, for users of any role
        reports = {name: self.sudo().env.ref(name, raise_if_not_found=False) for name in names}
        return [(name, report.name) for name, report in reports.items() if report]

    @api.depends("res_model", "res_ids")
    def _compute_channel(self):
        for wizard in self:
            document = wizard._get_documents()[:1]
            wanted = document.partner_id._get_letter_channel(document.company_id)
            wizard.channel = wanted if wanted == "post" else "fax"

    @api.depends("channel", "res_model", "res_ids")
    def _compute_sent_to(self):
        for wizard in self:
            documents = wizard._get_documents()
            # papers of several customers go to several numbers: each is recorded by itself
            same = len(documents.partner_id) == 1 and wizard.channel
            person = same and documents[:1]._get_dispatch_person()
            wizard.sent_to = person and person._get_letter_target(wizard.channel)

    def _check_linked(self):
        for wizard in self:
            wizard._get_documents()
        return super()._check_linked()

    def _check_model(self, model):
        if model is None or not hasattr(model, "_record_dispatch"):
            raise AccessError(
                self.env._("The papers of these documents are not sent by fax or post.")
            )

    def action_record(self):
        """Record the dispatch; see ``_record_dispatch`` of the documents for what is refused."""
        self.ensure_one()
        names = ("channel", "sent_to", "sent_on", "proof", "proof_file", "proof_name")
        values = {name: self[name] for name in names}
        self._get_documents()._record_dispatch({**values, "report": self.paper})
        return {"type": "ir.actions.act_window_close"}
