from odoo import models

from ...activities import EXPORT_ACTIVITY
from ...groups import DIRECTORS

# the directors are told of files with more customers than this
MANY_CUSTOMERS = 500


class Base(models.AbstractModel):
    """Directors are told when many customers leave the house in a file."""

    _inherit = "base"

    def export_data(self, fields_to_export):
        """Export as Odoo does; a file about more than 500 customers is told to the directors.

        :param list fields_to_export: names of fields
        :return: the rows of the file, by ``datas``
        :rtype: dict
        """
        result = super().export_data(fields_to_export)
        count = self._count_exported_customers()
        if count > MANY_CUSTOMERS:
            self._tell_export(count)
        return result

    def _count_exported_customers(self):
        """Number of customers that these records are, or are about.

        :rtype: int
        """
        if len(self) <= MANY_CUSTOMERS:
            return 0
        if self._name == "res.partner":
            link = "commercial_partner_id"
        else:
            link = next(
                (
                    name
                    for name in ("commercial_partner_id", "partner_id", "customer_id")
                    if name in self._fields
                    and self._fields[name].type == "many2one"
                    and self._fields[name].comodel_name == "res.partner"
                ),
                None,
            )
        return len(self[link].commercial_partner_id) if link else 0

    def _tell_export(self, count):
        """Give each director of the company an activity; none about the own export.

        :param int count: number of customers in the file
        """
        user = self.env.user
        directors = self.env.company._aftersales_users(DIRECTORS) - user
        # sudo: who exports need not be able to write activities on the own contact
        user.sudo().partner_id._notify_users(
            directors,
            EXPORT_ACTIVITY,
            lambda partner: partner.env._(
                "%(user)s has exported a file about %(count)s customers: %(documents)s.",
                user=partner.name,
                count=count,
                documents=partner.env["ir.model"]._get(self._name).name,
            ),
            deadline=self.env.company._aftersales_today(),
        )
