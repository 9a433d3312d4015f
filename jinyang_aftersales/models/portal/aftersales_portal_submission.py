from datetime import timedelta

from odoo import api, fields, models

# Days for which the keys of sent forms are kept; a page is not open longer than that.
KEPT_DAYS = 30


class AftersalesPortalSubmission(models.Model):
    """A form that a customer has sent, and the document that was made of it.

    Every form carries a random key, which the database stores only once. So a form that is sent twice, by a double
    click, a second try on a bad line or two requests at once, makes one document. No user has access; the portal's
    controllers write the rows.
    """

    _name = "aftersales.portal.submission"
    _description = "Form Sent on the Portal"
    _order = "id desc"
    _rec_name = "key"
    _allow_sudo_commands = False

    company_id = fields.Many2one(comodel_name="res.company", required=True, ondelete="cascade")
    user_id = fields.Many2one(
        comodel_name="res.users", person="fact", required=True, ondelete="cascade"
    )
    key = fields.Char(required=True)
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, default=0
    )

    _one_document = models.UniqueIndex("(user_id, key)", "This form has already been sent.")

    @api.model
    def _once(self, user, key, model, make):
        """Make the document of a form, or find the document that the same form has made before.

        :param user: res.users who sent the form
        :param str key: key of the form and of the values that were entered
        :param str model: model of the document
        :param make: function without arguments that makes the document
        :return: the document
        :raises ConcurrencyError: when another request is making the document; Odoo then runs this request again
        """
        # sudo: no user may read or write these rows; the row is found by the user's id and key
        row = self.sudo()._create_once(
            {"user_id": user.id, "key": key},
            {"company_id": self.env.company.id, "res_model": model},
        )
        if row.res_id:
            return self.env[row.res_model].browse(row.res_id)
        document = make()
        row.res_id = document.id
        return document

    @api.autovacuum
    def _gc_submissions(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.sudo().search([("create_date", "<", limit)], limit=10_000).unlink()
