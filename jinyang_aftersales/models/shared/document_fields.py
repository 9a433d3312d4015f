"""Fields that several documents have alike. Each function makes one; a document adds its own attributes by name."""

from odoo import fields
from odoo.fields import Domain

from ...groups import READERS

# fields that customers read of every document about their software
CUSTOMER_READS = frozenset(
    {
        "name",
        "state",
        "partner_id",
        "contact_id",
        "installation_id",
        "serial_number",
        "user_id",
        "filed_by_id",
        "ticket_id",
    }
)


# what else a document is found by: customer, contact, software and ticket
DOCUMENT_LINKS = (
    "partner_id",
    "commercial_partner_id",
    "contact_id",
    "installation_id",
    "ticket_id",
)


def state_field(selection, default="draft", group_expand=True):
    """State of a document, written by its steps: a copy begins anew, and a board has a column for each state.

    :param list selection: pairs of code and label
    :param str default: state in which a document begins
    :param group_expand: the columns of a board, ``True`` for all states, see the field of Odoo
    :rtype: fields.Selection
    """
    return fields.Selection(
        selection=selection,
        default=default,
        required=True,
        index=True,
        tracking=True,
        group_expand=group_expand,
        copy=False,
    )


def customer_field(**attributes):
    """The customer a document is about: a company, also a branch that is one of its own, or a person without one.

    :rtype: fields.Many2one
    """
    return fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        domain="['|', ('parent_id', '=', False), ('is_company', '=', True)]",
        **attributes,
    )


def contact_field(string="Contact", **attributes):
    """A person at the customer in ``partner_id``.

    :param str string: label of the field
    :rtype: fields.Many2one
    """
    return fields.Many2one(
        comodel_name="res.partner",
        string=string,
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', partner_id)]",
        **attributes,
    )


def specialist_field(domain="[('share', '=', False)]", **attributes):
    """The specialist in charge of a document or of software; computed by a method of the model.

    :param str domain: who may be chosen
    :rtype: fields.Many2one
    """
    return fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Specialist",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        domain=domain,
        **attributes,
    )


def product_field():
    """The software product a document is about.

    :rtype: fields.Many2one
    """
    return fields.Many2one(
        comodel_name="product.product",
        string="Software",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('aftersales_line_id', '!=', False)]",
        tracking=True,
    )


def ticket_field(**attributes):
    """A ticket of the customer in ``partner_id``.

    :rtype: fields.Many2one
    """
    return fields.Many2one(
        comodel_name="helpdesk.ticket",
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
        **attributes,
    )


def overdue_field(string="Late", groups=READERS, **attributes):
    """Whether something about a document is late today; computed and searched by methods of the model.

    :param str string: label of the field
    :param groups: who reads it
    :rtype: fields.Boolean
    """
    return fields.Boolean(
        string=string,
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        groups=groups,
        **attributes,
    )


def passed_domain(env, name):
    """Documents whose day in a field is over, for each company by its own calendar day.

    :param env: environment with the companies in view
    :param str name: name of the date field; the model has a ``company_id``
    :rtype: Domain
    """
    companies_by_day = env.companies.grouped(lambda company: company._aftersales_today())
    return Domain.OR(
        Domain("company_id", "in", companies.ids) & Domain(name, "<", today)
        for today, companies in companies_by_day.items()
    )
