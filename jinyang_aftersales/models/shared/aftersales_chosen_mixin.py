from odoo import fields, models


class AftersalesChosenMixin(models.AbstractModel):
    """A dialogue about documents of any model that were chosen before it was opened.

    Their model and ids come from the caller, who may be RPC: the dialogue says which models it is for, and reads the
    documents as its user.
    """

    _name = "aftersales.chosen.mixin"
    _description = "Dialogue about Chosen Documents"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)

    def _check_model(self, model):
        """Refuse documents of a model that the dialogue is not for; each dialogue says so.

        :param model: an empty recordset of the model, None where there is none of that name
        :raises AccessError: for other models
        """
        raise NotImplementedError

    def _get_documents(self):
        """:return: the documents, as the user who reads them
        :raises AccessError: for models that the dialogue is not for, and documents that the user may not read
        """
        self.ensure_one()
        model = self.env.get(self.res_model or "")
        self._check_model(model)
        documents = model.sudo(False).browse(self.res_ids or []).exists()
        documents.check_access("read")
        return documents
