from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .values import BEFORE_ACCEPTANCE


class AftersalesImplementationSession(models.Model):
    """A training at the customer's, part of an implementation (四 专员.4).

    Users who may write the implementation write its trainings, and so does the trainer. They are fixed once the
    customer has accepted the implementation.
    """

    _name = "aftersales.implementation.session"
    _description = "Training"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _order = "date_start, id"
    _search_text = ("topic",)
    _search_links = ("partner_id",)
    _check_company_auto = True

    implementation_id = fields.Many2one(
        comodel_name="aftersales.implementation",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="implementation_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="implementation_id.partner_id", store=True)
    state = fields.Selection(related="implementation_id.state", string="Implementation State")
    date_start = fields.Datetime(string="Date", required=True, index=True)
    hours = fields.Float(required=True, default=2.0, aggregator="sum")
    date_stop = fields.Datetime(string="Until", compute="_compute_date_stop", store=True)
    topic = fields.Char(required=True)
    trainer_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    attendee_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="aftersales_implementation_attendee_rel",
        column1="session_id",
        column2="partner_id",
        string="Attendees",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="Contacts of the customer who were trained.",
    )
    attendee_note = fields.Char(string="Other Attendees", help="Names that are no contacts.")

    _hours_range = models.Constraint(
        "CHECK(hours > 0 AND hours <= 24)", "A training takes up to 24 hours."
    )

    @api.depends("date_start", "hours")
    def _compute_date_stop(self):
        for session in self:
            session.date_stop = session.date_start and session.date_start + timedelta(
                hours=session.hours
            )

    @api.depends("topic", "partner_id")
    def _compute_display_name(self):
        for session in self:
            # sudo: reads the name of the customer, which the calendar shows to users without access to it
            parts = (session.sudo().partner_id.name, session.topic)
            session.display_name = " – ".join(filter(None, parts))

    def _get_line(self):
        """:return: the training in one line, in the company's time zone
        :rtype: str
        """
        self.ensure_one()
        zone = self.company_id._aftersales_zone().zone
        start = self.date_start and fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.date_start
        )
        # sudo: reads names of contacts and colleagues, for users without access to them
        people = ", ".join(
            [*self.sudo().attendee_ids.mapped("name"), *filter(None, [self.attendee_note])]
        )
        parts = (
            start and start.strftime("%Y-%m-%d %H:%M"),
            self.topic,
            f"{self.hours:g} h",
            self.sudo().trainer_id.name,
            people,
        )
        return " · ".join(filter(None, parts))

    def _get_printed_row(self):
        """:return: the training as the order prints it: day, topic, hours, trainer and attendees
        :rtype: list[str]
        """
        self.ensure_one()
        return [
            self.implementation_id._format_paper_moment(self.date_start),
            self.topic,
            f"{self.hours:g}",
            self.trainer_id.name or "",
            ", ".join(filter(None, [*self.attendee_ids.mapped("name"), self.attendee_note])),
        ]

    # === Guards === #

    @api.model
    def _get_open_work_domain(self, role):
        return Domain("date_start", ">=", fields.Datetime.now())

    @api.model_create_multi
    def create(self, vals_list):
        sessions = super().create(vals_list)
        sessions._check_changeable()
        return sessions

    def write(self, vals):
        for session in self:
            if session._changed_fields(vals, {"implementation_id"}):
                # fixed: the rights on a training follow from its implementation
                session._refuse_fields({"implementation_id"})
            if session._changed_fields(vals, self._fields.keys() & vals.keys()):
                session._check_changeable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accepted(self):
        self._check_changeable()

    def _check_changeable(self):
        """Refuse changes of trainings the customer has accepted.

        :raises UserError: naming the implementation
        """
        for session in self:
            # sudo: reads the state, for users without access to the implementation
            implementation = session.sudo().implementation_id
            if implementation.state not in BEFORE_ACCEPTANCE:
                raise UserError(
                    self.env._(
                        "%(document)s is %(state)s: its trainings cannot be changed any more.",
                        document=implementation.display_name,
                        state=implementation.with_env(self.env)._state_label(implementation.state),
                    )
                )

    @api.constrains("attendee_ids", "trainer_id", "implementation_id")
    def _check_people(self):
        for session in self.sudo():
            customer = session.implementation_id.commercial_partner_id
            if session.attendee_ids.commercial_partner_id - customer:
                raise ValidationError(self.env._("Attendees are contacts of the customer."))
            trainer = session.trainer_id
            if trainer.share or session.implementation_id.company_id not in trainer.company_ids:
                raise ValidationError(self.env._("The trainer is an employee of the company."))
