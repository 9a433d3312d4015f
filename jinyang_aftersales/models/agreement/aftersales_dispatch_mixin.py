from odoo import fields, models
from odoo.exceptions import UserError

from ...groups import READERS


class AftersalesDispatchMixin(models.AbstractModel):
    """A document whose printed paper goes to the customer by fax or post, with the proof of it (五.2.2, 五.2.3).

    One dialogue (``aftersales.dispatch``) records it, and each time leaves a row of ``aftersales.letter.dispatch``: the
    paper as it was sent, the number or address of that day, day, sender and proof. The row stays what it is when the
    customer gets another number, moves, or has the number of another customer.
    """

    _name = "aftersales.dispatch.mixin"
    _description = "Document Sent by Fax or Post"

    # external ids of the papers that go to the customer, the usual one first
    _dispatch_reports = ()

    dispatch_ids = fields.One2many(
        comodel_name="aftersales.letter.dispatch",
        inverse_name="res_id",
        string="Sent by Fax or Post",
        groups=READERS,
        copy=False,
    )

    def action_open_dispatch(self):
        """Open the dialogue that records that the paper went to the customer by fax or post.

        :raises AccessError: for users who may not write the documents
        :raises UserError: when the paper cannot be sent now
        """
        self.check_access("write")
        self._check_dispatch_obstacles()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record Fax or Post"),
            "res_model": "aftersales.dispatch",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_ids": self.ids},
        }

    def _check_dispatch_obstacles(self):
        """:raises UserError: with the first reason why a paper cannot be sent now"""
        for document in self:
            obstacle = document._get_dispatch_obstacle()
            if obstacle:
                raise UserError(obstacle)

    def _get_dispatch_obstacle(self):
        """Hook: why the paper of the document cannot be sent now.

        :return: the reason in the user's language, False when nothing is in the way
        :rtype: str | bool
        """
        self.ensure_one()
        return False

    def _get_dispatch_person(self):
        """:return: to whom the paper goes
        :rtype: res.partner
        """
        self.ensure_one()
        return self.contact_id or self.partner_id

    def _get_dispatch_report(self, name=False):
        """The paper that goes to the customer.

        :param str | bool name: its external id; the usual one by default
        :rtype: ir.actions.report
        :raises UserError: for a paper of other documents
        """
        if name and name not in self._dispatch_reports:
            raise UserError(self.env._("This paper is none of these documents."))
        # sudo: only administrators read reports; the papers of the model are named by its class
        return self.sudo().env.ref(name or self._dispatch_reports[0])

    def _record_dispatch(self, values):
        """Record that the papers went out by fax or post. A paper sent again has a row of its own.

        :param dict values: see ``_prepare_dispatch`` of ``aftersales.letter.dispatch``; ``report`` is the
            external id of the paper, the usual one by default
        :raises AccessError: for users who may not write the documents
        :raises UserError: when a paper cannot be sent now, or number, address or proof are missing
        """
        self.check_access("write")
        rows = self.env["aftersales.letter.dispatch"]
        report = self._get_dispatch_report(values.get("report"))
        checked = {}
        for document in self:
            # papers of several customers go each to its own number or address
            target = values.get("sent_to")
            if not target and values.get("channel"):
                target = document._get_dispatch_person()._get_letter_target(values["channel"])
            checked[document.id] = rows._prepare_dispatch(
                {**values, "sent_to": target}, document.company_id
            )
        self._check_dispatch_obstacles()
        self._note_dispatch(checked)
        # printed once the documents know of it, so that the papers have the day on which they were sent
        papers = self._print_dispatched(report)
        for document in self:
            paper, name = papers[document.id]
            customer = document.commercial_partner_id
            rows._record(document, customer, checked[document.id], paper, name)
        self._after_dispatch(checked)

    def _note_dispatch(self, checked):
        """Hook: write what the documents have to know before their papers are printed.

        :param dict checked: of ``_prepare_dispatch``, by id of the document
        """

    def _print_dispatched(self, report):
        """Print the papers that are kept as evidence.

        :param report: ir.actions.report
        :return: content and name of the file, by id of the document
        :rtype: dict[int, tuple[bytes, str]]
        """
        papers = {}
        for document in self:
            # sudo: the paper shows names that the user may not read; the right to write the document was checked
            content, _kind = report.sudo()._render_qweb_pdf(report.report_name, document.ids)
            title = report.with_context(lang=document._get_customer_lang()).name
            name = f"{title} {document.name}".replace("/", "-")
            papers[document.id] = (content, f"{name}.pdf")
        return papers

    def _after_dispatch(self, checked):
        """Say in the history of the documents that the paper has left; a model adds what follows from it.

        :param dict checked: of ``_prepare_dispatch``, by id of the document
        """
        channels = dict(
            self.env["aftersales.letter.dispatch"]
            ._fields["channel"]
            ._description_selection(self.env)
        )
        for document in self:
            sent = checked[document.id]
            document._message_log(
                body=self.env._(
                    "Sent by %(channel)s to %(target)s. Proof: %(proof)s",
                    channel=channels[sent["channel"]],
                    target=sent["sent_to"],
                    proof=sent["proof"] or sent["proof_name"] or "",
                )
            )
