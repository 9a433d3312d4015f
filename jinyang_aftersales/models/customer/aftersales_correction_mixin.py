from functools import partial

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tools import ormcache
from odoo.tools.misc import clean_context

from ...groups import CALLERS, SPECIALISTS
from ...tools.text import list_words

# In the context of a write whose values were checked; callers from outside cannot send this object.
CHECKED = object()
# how a customer is reached, and who speaks for it
CONTACT_DATA = frozenset(
    {
        *("phone", "landline", "email", "qq_number"),
        *("department", "function", "mnemonic", "software_contact_id"),
    }
)
# what papers show: corrected as long as no posted invoice does
NAMES = frozenset({"name", "vat"})
# what a new customer or contact may begin with besides
NEW = CONTACT_DATA | {
    *("name", "is_company", "company_type", "parent_id", "type", "company_id"),
    *("lang", "tz", "website", "comment", "service_area", "fax_number", "letter_channel"),
}


class AftersalesCorrectionMixin(models.AbstractModel):
    """What specialists and call-back staff, who edit no other contacts, enter about customers.

    ===================  ===========================================================================
    Who                  May
    ===================  ===========================================================================
    specialist,          create customers and contacts; in reach: correct telephone, e-mail, QQ,
    call-back            department and person in charge of the software; name, tax number and
                         address as long as the customer has no posted invoice
    others with rights   everything, as Odoo lets them
    on all contacts
    ===================  ===========================================================================

    In reach of a specialist are customers they are in charge of, who have software they are responsible for, or whom
    they have entered and nobody else is in charge of; and contacts they have entered. Call-back staff speak with all
    customers. Never in reach: partners of colleagues and of our own companies, and whoever signs in on the portal,
    because with the e-mail address goes the account.
    """

    _name = "aftersales.correction.mixin"
    _description = "Contacts Corrected in Reach"

    # === Who === #

    @api.model
    @ormcache()
    def _get_editor_groups(self):
        """Groups whose members edit all contacts, ours of specialists and call-back staff left out.

        :return: ids of groups; one of them is False where everybody may
        :rtype: frozenset[int]
        """
        own = {self.env.ref(SPECIALISTS).id, self.env.ref(CALLERS).id}
        # sudo: no user reads access rights
        rights = self.env["ir.model.access"].sudo()
        rows = rights.search([("model_id.model", "=", self._name), ("perm_write", "=", True)])
        return frozenset({row.group_id.id for row in rows} - own)

    @api.model
    def _corrects_only(self):
        """:return: whether the user edits contacts as a specialist or as call-back staff only"""
        user = self.env.user
        if self.env.su or user.share or self.env.context.get("aftersales_corrects") is CHECKED:
            return False
        editors = self._get_editor_groups()
        return False not in editors and editors.isdisjoint(user._get_group_ids())

    def _filter_in_reach(self):
        """The partners that the user may correct, see the class.

        :rtype: res.partner
        """
        # sudo: only who is whose is compared, of partners the user names already
        partners = self.sudo().with_context(active_test=False)
        partners -= partners._filter_own_people()
        user = self.env.user
        if user.has_group(CALLERS):
            return partners.with_env(self.env)
        if not user.has_group(SPECIALISTS):
            return self.browse()
        customers = partners.commercial_partner_id
        software = self.env["aftersales.installation"].sudo()
        served = software.search(
            [("partner_id", "in", customers.ids), ("user_id", "=", user.id)]
        ).partner_id
        served += customers.filtered(
            lambda row: row.service_user_id == user
            or row.create_uid == user
            and not row.service_user_id
        )
        return partners.filtered(
            lambda row: row.commercial_partner_id in served
            or row.create_uid == user
            and row != row.commercial_partner_id
        ).with_env(self.env)

    def _filter_own_people(self):
        """Partners of users, employees and companies of ours, those of portal users included.

        :rtype: res.partner
        """
        env = self.sudo().with_context(active_test=False).env
        users = env["res.users"].search([("partner_id", "in", self.ids)])
        employees = env["hr.employee"].search([("work_contact_id", "in", self.ids)])
        customers = self.commercial_partner_id
        companies = env["res.company"].search([("partner_id", "in", customers.ids)])
        own = users.partner_id + employees.work_contact_id
        return self.filtered(
            lambda row: row in own or row.commercial_partner_id in companies.partner_id
        )

    def _check_access(self, operation):
        """Let who corrects only write what is in reach."""
        result = super()._check_access(operation)
        if operation != "write" or not any(self._ids) or not self._corrects_only():
            return result
        allowed = self - result[0] if result else self
        beyond = allowed - allowed._filter_in_reach()
        if not beyond:
            return result
        if result:
            return result[0] + beyond, result[1]
        return beyond, partial(beyond._make_reach_error)

    def _make_reach_error(self):
        """:return: the error that says whom the user may not correct, and what to do
        :rtype: AccessError
        """
        # sudo: names of partners the user has named
        names = list_words(self.env, self.sudo().mapped("display_name"))
        return AccessError(
            self.env._(
                "%s: only the specialist in charge, call-back staff and service managers correct these contacts, and"
                " managers alone those of colleagues and of customers who sign in on the portal.",
                names,
            )
        )

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._corrects_only())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show who corrects only which fields of a saved contact they may write."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and self._corrects_only():
            free = CONTACT_DATA | NAMES | {"child_ids", *self._address_fields()}
            for node in arch.xpath("//field[not(ancestor::field)]"):
                if node.get("name") not in free:
                    before = node.get("readonly")
                    node.set("readonly", f"id or ({before})" if before else "id")
        return arch, view

    # === What === #

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse to who corrects only what a new customer or contact does not begin with."""
        if not self._corrects_only():
            return super().create(vals_list)
        self.check_access("create")
        for vals in vals_list:
            self._check_new_partner(vals)
        checked = self.with_context(aftersales_corrects=CHECKED)
        return super(AftersalesCorrectionMixin, checked).create(vals_list).with_env(self.env)

    def write(self, vals):
        """Refuse to who corrects only everything but the corrections named in the class."""
        if not self._corrects_only():
            return super().write(vals)
        self.check_access("write")
        self._check_corrections(vals)
        checked = self.with_context(aftersales_corrects=CHECKED)
        return super(AftersalesCorrectionMixin, checked).write(vals)

    def _check_corrections(self, vals):
        """:param dict vals: values about to be written
        :raises AccessError: naming the fields that managers write
        """
        for partner in self:
            changed = {
                name for name in vals if name != "child_ids" and partner._is_other(name, vals[name])
            }
            wrong = changed - CONTACT_DATA
            papers = wrong & (NAMES | set(self._address_fields()))
            if papers and partner._shows_on_no_paper():
                wrong -= papers
            elif "name" in papers and partner._is_person_of_customer():
                wrong.discard("name")
            if wrong:
                partner._refuse_corrections(wrong)
            partner._check_software_contact(vals.get("software_contact_id"), partner)
            partner._check_child_commands(vals.get("child_ids") or ())

    def _check_child_commands(self, commands):
        """:param commands: commands of Odoo for the contacts of this customer
        :raises AccessError: for others than new contacts and corrections
        """
        for command in commands:
            code, number, vals = (*command, None, None)[:3]
            if code == Command.CREATE:
                self._check_new_partner(vals, self)
            elif code == Command.UPDATE:
                child = self.browse(number)
                child.check_access("write")
                child._check_corrections(vals)
            elif code != Command.LINK or self.browse(number) not in self.child_ids:
                self._refuse_corrections({"child_ids"})

    @api.model
    def _check_new_partner(self, vals, parent=None):
        """:param dict vals: values of a new partner
        :param parent: res.partner, where it is created as one of the contacts of a customer
        :raises AccessError: naming the fields that managers write
        """
        # defaults of the caller's context are values, too
        given = self._add_missing_default_values(dict(vals))
        parent = parent or self.browse(given.get("parent_id"))
        if parent:
            parent.check_access("read")
            if parent.sudo()._filter_own_people():
                raise parent._make_reach_error()
        allowed = NEW if parent else NEW | {"vat", *self._address_fields()}
        wrong = {
            name
            for name, value in given.items()
            if value
            and name in self._fields
            and name not in allowed | {"child_ids", "active"}
            and not (parent and not parent._is_other(name, value))
            # the default "now" is another one a second later
            and not (self._fields[name].type == "datetime" and name not in vals)
        }
        if wrong:
            # sudo: defaults of the product, not those that a user has saved
            env = self.env(user=SUPERUSER_ID, context=clean_context(self.env.context))
            defaults = env[self._name].default_get(list(wrong))
            wrong = {name for name in wrong if given[name] != defaults.get(name)}
        if given.get("type") not in (False, None, "contact"):
            wrong.add("type")
        if wrong:
            self._refuse_corrections(wrong)
        self._check_software_contact(given.get("software_contact_id"), parent)
        for command in given.get("child_ids") or ():
            if command[0] != Command.CREATE:
                self._refuse_corrections({"child_ids"})
            self._check_new_partner(command[2])

    @api.model
    def _check_software_contact(self, number, customer):
        """:param number: id of the person in charge of the software, a false value for nobody
        :param customer: res.partner
        :raises AccessError: for a person of somebody else: they get the letters of the customer
        """
        if not number:
            return
        person = self.browse(number).sudo()
        if person.commercial_partner_id != customer.sudo().commercial_partner_id:
            self._refuse_corrections({"software_contact_id"})

    def _is_other(self, name, value):
        """:return: whether the value is another one than the field of this partner has"""
        field = self._fields.get(name)
        if not field:
            return False
        if field.type in ("one2many", "many2many"):
            return bool(value)
        # sudo: values are compared only
        partner = self.sudo()
        return field.convert_to_cache(value, partner) != field.convert_to_cache(
            partner[name], partner
        )

    def _shows_on_no_paper(self):
        """Tax number and address of a contact are those of its company, so that this one has to be in reach, too.

        :return: whether the user may still correct name, tax number and address: the customer has no posted invoice
        """
        customer = self.commercial_partner_id
        if not customer._filter_in_reach():
            return False
        # sudo: who corrects contacts reads no invoices; only whether there is one is used
        moves = self.env["account.move"].sudo()
        domain = Domain("commercial_partner_id", "=", customer.id)
        domain &= Domain("move_type", "!=", "entry") & Domain("state", "=", "posted")
        return not moves.search_count(domain, limit=1)

    def _is_person_of_customer(self):
        """:return: whether it is a person at a customer's, whose name is on no invoice"""
        return not self.is_company and self.type == "contact" and self.commercial_partner_id != self

    @api.model
    def _refuse_corrections(self, names):
        """:param names: names of fields, a set
        :raises AccessError: always
        """
        described = self.sudo().fields_get(list(names), ["string"])
        labels = sorted(described[name]["string"] for name in names if name in described)
        raise AccessError(
            self.env._(
                "A service manager changes: %s. You may correct telephone, e-mail, QQ, department and person in"
                " charge.",
                list_words(self.env, labels),
            )
        )
