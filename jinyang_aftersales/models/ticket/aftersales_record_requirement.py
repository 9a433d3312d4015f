from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class AftersalesRecordRequirement(models.Model):
    """A field that the service record of a category needs before its tickets are closed (五.1.4).

    Service managers edit the list. A change holds for tickets that are still open: records of closed tickets were
    complete by the list of that time.
    """

    _name = "aftersales.record.requirement"
    _inherit = "aftersales.search.mixin"
    _description = "Required Field of a Service Record"
    _order = "category_id, sequence, id"
    _search_labels = ("field_name",)

    category_id = fields.Many2one(
        comodel_name="helpdesk.ticket.category",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    field_name = fields.Selection(
        # a function, whose labels an import reads in the language of the user
        selection=lambda self: self._selection_field_name(),
        string="Required Field",
        required=True,
    )

    _once = models.UniqueIndex(
        "(category_id, field_name)", "This field is required for this category already."
    )

    @api.model
    def _selection_field_name(self):
        """The fields a manager may require, with their labels on the form of tickets.

        :rtype: list[tuple[str, str]]
        """
        tickets = self.env["helpdesk.ticket"]
        return [(name, tickets._get_record_label(name)) for name in tickets._get_record_fields()]

    @api.constrains("field_name")
    def _check_field_name(self):
        """Check the value, because the ORM does not check selections that come from a method.

        :raises ValidationError: for a field that is not in the list
        """
        offered = self.env["helpdesk.ticket"]._get_record_fields()
        for requirement in self:
            if requirement.field_name not in offered:
                raise ValidationError(
                    self.env._("%s cannot be required in a record.", requirement.field_name)
                )

    @api.depends("field_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._selection_field_name())
        for requirement in self:
            requirement.display_name = labels.get(requirement.field_name)

    @api.model_create_multi
    def create(self, vals_list):
        requirements = super().create(vals_list)
        requirements.category_id._ask_again()
        return requirements

    def write(self, vals):
        before = self.category_id
        result = super().write(vals)
        if vals.keys() & {"category_id", "field_name"}:
            (before | self.category_id)._ask_again()
        return result

    def unlink(self):
        categories = self.category_id
        result = super().unlink()
        categories.exists()._ask_again()
        return result

    @api.model
    def _get_required_fields(self, categories):
        """Fields required by each category, those of the categories above it included.

        :param categories: helpdesk.ticket.category
        :return: names of fields by category
        :rtype: dict
        """
        above = {
            category: {int(number) for number in (category.parent_path or "").split("/") if number}
            for category in categories
        }
        # sudo: requirements hold for all users, also for those who may not read them
        rows = self.sudo().search(Domain("category_id", "in", list(set().union(*above.values()))))
        return {
            category: list(
                dict.fromkeys(row.field_name for row in rows if row.category_id.id in ids)
            )
            for category, ids in above.items()
        }
