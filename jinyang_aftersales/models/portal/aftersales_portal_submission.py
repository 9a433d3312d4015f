from datetime import timedelta

from odoo import api, fields, models

# Days for which the keys of sent forms are kept; a page is not open longer than that.
KEPT_DAYS = 30
# Minutes in which the same content is taken for the same document: as long as somebody goes back and forth.
TWIN_MINUTES = 10


class AftersalesPortalSubmission(models.Model):
    """A form that a customer has sent, and the document that was made of it.

    Every form carries a random key, which the database stores only once. So a form that is sent twice, by a double
    click, a second try on a bad line or two requests at once, makes one document. No user has access; the portal's
    controllers write the rows.
    """

    _name = "aftersales.portal.submission"
    _inherit = "aftersales.search.mixin"
    _description = "Form Sent on the Portal"
    _order = "id desc"
    _rec_name = "key"
    _allow_sudo_commands = False

    company_id = fields.Many2one(comodel_name="res.company", required=True, ondelete="cascade")
    user_id = fields.Many2one(
        comodel_name="res.users", person="fact", required=True, ondelete="cascade"
    )
    key = fields.Char(required=True)
    content_key = fields.Char(help="The same for forms with the same texts and files.")
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, default=0
    )

    _one_document = models.UniqueIndex("(user_id, key)", "This form has already been sent.")
    _content_idx = models.Index("(user_id, content_key)")

    @api.model
    def _once(self, user, key, model, make, content=False):
        """Make the document of a form, or find the document that the same form has made before.

        :param user: res.users who sent the form
        :param str key: key of the form and of the values that were entered
        :param str model: model of the document
        :param make: function without arguments that makes the document
        :param str | bool content: key of the entered texts and files, see :meth:`_find_twin`
        :return: the document
        :raises ConcurrencyError: when another request is making the document; Odoo then runs this request again
        """
        # sudo: no user may read or write these rows; the row is found by the user's id and key
        row = self.sudo()._create_once(
            {"user_id": user.id, "key": key},
            {"company_id": self.env.company.id, "res_model": model, "content_key": content},
        )
        if row.res_id:
            return self.env[row.res_model].browse(row.res_id)
        document = make()
        row.res_id = document.id
        return document

    @api.model
    def _find_twin(self, user, content, key):
        """The document that a user has made of the same content a moment ago.

        :param user: res.users who sends the form
        :param str content: key of the entered texts and files
        :param str key: key of the form, which is no twin of itself
        :return: display name of the document, False when there is none
        :rtype: str | bool
        """
        since = fields.Datetime.now() - timedelta(minutes=TWIN_MINUTES)
        # sudo: no user may read these rows; those of the user alone are searched
        row = self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("content_key", "=", content),
                ("key", "!=", key),
                ("create_date", ">=", since),
                ("res_id", "!=", 0),
            ],
            limit=1,
        )
        document = row and self.env[row.res_model].sudo().browse(row.res_id).exists()
        return document.display_name if document else False

    @api.autovacuum
    def _gc_submissions(self):
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.sudo().search([("create_date", "<", limit)], limit=10_000).unlink()
