from odoo import models

from ...groups import CALLERS, DIRECTORS, MANAGERS, READERS


class ResCompany(models.Model):
    """People of the company by their role: managers, directors, call-back specialists."""

    _inherit = "res.company"

    def _aftersales_users(self, group):
        """Active users of the company in a group, or in one that implies it.

        :param str group: external id
        :rtype: res.users
        """
        self.ensure_one()
        # sudo: specialists assign work to colleagues without the right to administer users
        users = self.env["res.users"].sudo()
        return users.search(
            [
                ("all_group_ids", "in", self.env.ref(group).id),
                ("company_ids", "in", self.id),
                ("share", "=", False),
            ],
            order="id",
        ).sudo(False)

    def _aftersales_managers(self):
        """Service managers of the company, the directors where there is none.

        :rtype: res.users
        """
        directors = self._aftersales_users(DIRECTORS)
        managers = self._aftersales_users(MANAGERS)
        return managers - directors or directors

    def _aftersales_callback_user(self):
        """The user who calls customers about renewals and prints letters (四 回访专员.4).

        :return: the user of the setting, else a call-back specialist, else a manager, else nobody
        :rtype: res.users
        """
        self.ensure_one()
        # sudo: a setting of the company
        chosen = self.sudo().aftersales_callback_user_id.sudo(False)
        if chosen and chosen in self._aftersales_users(READERS):
            return chosen
        callers = self._aftersales_users(CALLERS)
        return (callers or self._aftersales_managers())[:1]
