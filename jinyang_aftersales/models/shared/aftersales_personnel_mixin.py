from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesPersonnelMixin(models.AbstractModel):
    """A document about an employee, read by that employee, by those who decide about it, and by nobody else.

    Messages on it are for those who decide. Nobody follows it: every colleague may read followers, and those would
    tell which employee the document is about.
    """

    _name = "aftersales.personnel.mixin"
    _description = "Personnel Document"
    _inherit = "aftersales.document.mixin"

    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        person="fact",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    is_mine = fields.Boolean(compute="_compute_is_mine", search="_search_is_mine")

    @api.depends("employee_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for document in self:
            # sudo: the employee's user, for users who may not read employees
            document.is_mine = document.employee_id.sudo().user_id == self.env.user

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain("employee_id.user_id", "=", self.env.uid)
        return domain if True in value else ~domain

    @api.model
    def _get_own_employee(self, company):
        """The user as an employee of a company.

        :param company: res.company
        :return: hr.employee, empty when the user is none there
        """
        # sudo: the user's own employee, for users who may not read employees
        own = self.env.user.sudo().employee_ids
        return own.filtered(lambda employee: employee.company_id == company)[:1].sudo(False)

    # === Rules === #

    def _get_own_obstacle(self):
        """Why the user decides nothing about it: the person concerned never does.

        :rtype: str | bool
        """
        self.ensure_one()
        if self.is_mine and not self.env.su:
            return self.env._("%s concerns you: somebody else decides.", self.display_name)
        return False

    def _check_not_mine(self):
        """:raises UserError: when one of the documents, which the user reads, concerns the user"""
        for document in self._filtered_access("read"):
            obstacle = document._get_own_obstacle()
            if obstacle:
                raise UserError(obstacle)

    def _prepare_decision_vals(self, action, said, values):
        return {
            **super()._prepare_decision_vals(action, said, values),
            "decided_by_id": self.env.uid,
            "decided_on": fields.Datetime.now(),
            "decision_reason": said,
        }

    def _get_concerned_user(self):
        """:return: res.users of the employee, may be empty"""
        # sudo: the employee's user, for managers who may not read employees
        return self.employee_id.sudo().user_id.sudo(False)

    @api.model_create_multi
    def create(self, vals_list):
        documents = super(
            AftersalesPersonnelMixin, self.with_context(mail_create_nosubscribe=True)
        ).create(vals_list)
        return documents.with_env(self.env)

    # === Chatter === #

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        """Nobody follows: see the model's description."""
        return True

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Nobody follows: see the model's description."""
        return True

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Messages are read by those who may write the document: the person concerned by a decision may not."""
        return dict.fromkeys(self, "write")
