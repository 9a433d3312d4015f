from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...groups import MANAGERS, SPECIALISTS
from ...tools.keys import customer_key, phone_keys
from ...tools.text import clean_line, clean_text, list_words
from .values import MOST_PRODUCTS, NOTE_SUBTYPE, guess

YEAR = relativedelta(years=1, days=-1)


class AftersalesIntake(models.AbstractModel):
    """New customers with contact, software and first service period, new contacts, and notes, from the telephone.

    A new customer is made in one transaction and once a key, or not at all. Customers that look the same are answered
    instead, until the user says that it is another one; managers see that in the list of new customers. Whoever
    enters a customer as a specialist is in charge of it until a manager says otherwise, so that notices and tickets
    have somebody from the first day. The first period which they enter is at most a year, and begins by today.
    """

    _inherit = "aftersales.intake"

    # === What a new customer begins with === #

    @api.model
    def get_new(self, text):
        """:param str text: what was typed to find the customer: it goes into the field where it belongs
        :return: ``values`` proposed, ``products`` to choose from, and whether the user may enter software
        :rtype: dict
        """
        self._check_role()
        name, value = guess(text)
        today = self.env.company._aftersales_today()
        may_install = self.env["aftersales.installation"].has_access("create")
        # sudo: names of software only, for who reads no products
        products = self.env["product.product"].sudo()
        found = may_install and products.search_fetch(
            [
                ("aftersales_line_id", "!=", False),
                ("company_id", "in", [False, self.env.company.id]),
            ],
            ["display_name"],
            order="default_code, name, id",
            limit=MOST_PRODUCTS,
        )
        return {
            "values": {
                name: value,
                "date_start": fields.Date.to_string(today),
                "date_end": fields.Date.to_string(today + YEAR),
            },
            "products": [{"id": row.id, "name": row.display_name} for row in found or ()],
            "may_install": may_install,
        }

    # === New customer === #

    @api.model
    def create_customer(self, values, key, despite=False):
        """Make a customer with its contact and software, or say which customers look the same.

        :param dict values: texts of the dialogue: ``name``, ``contact``, ``department``, ``phone``, ``landline``,
            ``qq``, ``email``, ``serial``, ``version``; ``product_id``; days ``date_start`` and ``date_end`` of service
        :param str key: random key of the dialogue: the same one makes one customer
        :param bool despite: make it although others look the same
        :return: ``id`` of the customer and ``contact_id``, or ``doubles``, lines as of the list of hits
        :rtype: dict
        :raises UserError: with what is missing or wrong; nothing is made then
        """
        self._check_role()
        self.env["res.partner"].check_access("create")
        given = self._clean_values(values)
        row = self.env["aftersales.intake.request"]._take(clean_line(key, 64), "customer")
        if row.customer_id:
            return {"id": row.customer_id.id, "contact_id": False}
        doubles = self._find_doubles(given)
        if doubles and not despite:
            # what is answered is no customer: the key stays free
            row._unlink_unlocked()
            return {"doubles": self._describe_doubles(doubles, given)}
        customer, contact = self._create_partners(given)
        if given["product_id"]:
            self._create_software(customer, given)
        names = list_words(self.env, doubles.commercial_partner_id.mapped("display_name"))
        row._write_unlocked({"customer_id": customer.id, "doubles": names or False})
        self._log_creation(customer, names)
        return {"id": customer.id, "contact_id": contact.id}

    @api.model
    def _clean_values(self, values):
        """:return: each text as one line, the software and the days as values
        :raises UserError: for a customer without a name and software without a product
        """
        texts = (
            *("name", "contact", "department", "phone", "landline"),
            *("qq", "email", "serial", "version"),
        )
        given = {name: clean_line(values.get(name)) for name in texts}
        product = values.get("product_id")
        given["product_id"] = int(product) if product and self._may_install() else False
        for name in ("date_start", "date_end"):
            given[name] = fields.Date.to_date(values.get(name) or None)
        if not given["name"] and not given["contact"]:
            raise UserError(
                self.env._("Enter the name of the customer, or of the person who calls.")
            )
        if given["serial"] and not given["product_id"]:
            raise UserError(
                self.env._(
                    "Choose the software to which the serial number %s belongs.", given["serial"]
                )
            )
        return given

    @api.model
    def _may_install(self):
        return self.env["aftersales.installation"].has_access("create")

    @api.model
    def _find_doubles(self, given):
        """:param dict given: cleaned values
        :return: customers and contacts that look the same, as far as the user may read them
        :rtype: res.partner
        """
        found = self.env["res.partner"]._find_doubles(
            name=given["name"],
            phones=list(filter(None, (given["phone"], given["landline"]))),
            serials=list(filter(None, (given["serial"],))),
        )
        return (found - found._filter_own_people())._filtered_access("read")

    @api.model
    def _describe_doubles(self, doubles, given):
        people = doubles.grouped(lambda row: row.commercial_partner_id)
        return [
            self._describe_hit(customer, rows, self._say_why_double(customer, rows, given))
            for customer, rows in people.items()
        ]

    @api.model
    def _say_why_double(self, customer, people, given):
        """:return: what a customer and its contacts have in common with what was entered"""
        numbers = set(phone_keys(f"{given['phone']} / {given['landline']}"))
        partners = customer + people
        known = [*partners.mapped("phone"), *partners.mapped("landline")]
        why = []
        if given["name"] and customer_key(given["name"]) == customer_key(customer.name):
            why.append(self.env._("same name"))
        if numbers.intersection(key for text in known for key in phone_keys(text)):
            why.append(self.env._("same telephone"))
        why = why or [self.env._("same serial number")]
        if not customer.active:
            why.append(self.env._("archived"))
        return list_words(self.env, why)

    @api.model
    def _create_partners(self, given):
        """:return: the customer and the contact; a person without a company is both
        :rtype: tuple[res.partner, res.partner]
        """
        partners = self.env["res.partner"]
        person = {
            "name": given["contact"],
            "phone": given["phone"],
            "qq_number": given["qq"],
            "email": given["email"],
            "department": given["department"],
        }
        place = {"country_id": self.env.company.country_id.id, "landline": given["landline"]}
        if not given["name"]:
            customer = partners.create({**person, **place})
            return customer, customer
        if given["contact"]:
            customer = partners.create({"name": given["name"], "is_company": True, **place})
            contact = partners.create({**person, "parent_id": customer.id})
            customer.software_contact_id = contact
        else:
            contact = partners
            customer = partners.create(
                {**person, "name": given["name"], "is_company": True, **place}
            )
        user = self.env.user
        if user.has_group(SPECIALISTS) and not user.has_group(MANAGERS):
            # sudo: a new customer has a specialist from the first day; a manager may choose another one
            customer.sudo().service_user_id = user
        return customer, contact

    @api.model
    def _create_software(self, customer, given):
        """Record the software of a new customer, with the first period of its service.

        :raises UserError: for a period that only a manager enters
        """
        start, end = given["date_start"], given["date_end"]
        today = self.env.company._aftersales_today()
        if end and not start:
            start = today
        if end and not self.env.user.has_group(MANAGERS) and (start > today or end > start + YEAR):
            raise UserError(
                self.env._(
                    "The first service period begins by today and lasts a year at most: until %s. A service manager"
                    " enters another one.",
                    self._say_day(min(start, today) + YEAR),
                )
            )
        vals = {
            "partner_id": customer.id,
            "company_id": self.env.company.id,
            "product_id": given["product_id"],
            "version": given["version"] or False,
            "serial_number": given["serial"] or False,
        }
        if start:
            vals["installation_date"] = start
        if end:
            vals.update(service_date_start=start, service_date_end=end)
        self.env["aftersales.installation"].create(vals)

    @api.model
    def _log_creation(self, customer, doubles):
        """Say on the customer that it was entered on the telephone, and which others looked the same."""
        text = self.env._("Entered in the telephone intake.")
        if doubles:
            text = self.env._(
                "Entered in the telephone intake, although these look the same: %s", doubles
            )
        # sudo: the log of a customer the user has just made
        customer.sudo()._message_log(body=text)

    # === New contact === #

    @api.model
    def create_contact(self, partner_id, values, key):
        """Enter somebody of a known customer who calls for the first time.

        :param int partner_id: id of the customer
        :param dict values: ``contact``, ``department``, ``phone``, ``landline``, ``qq``, ``email``
        :param str key: random key of the dialogue: the same one makes one contact
        :return: id of the contact
        :rtype: int
        """
        self._check_role()
        customer = self.env["res.partner"].browse(partner_id).exists().commercial_partner_id
        customer.check_access("read")
        if not clean_line(values.get("contact")):
            raise UserError(self.env._("Enter the name of the person who calls."))
        row = self.env["aftersales.intake.request"]._take(clean_line(key, 64), "contact")
        if row.customer_id:
            return row.customer_id.id
        given = self._clean_values(values)
        contact = self.env["res.partner"].create(
            {
                "parent_id": customer.id,
                "name": given["contact"],
                "phone": given["phone"],
                "landline": given["landline"],
                "qq_number": given["qq"],
                "email": given["email"],
                "department": given["department"],
            }
        )
        row._write_unlocked({"customer_id": contact.id})
        # sudo: the customer may not be in the user's reach; who entered a contact stands in its log
        customer.sudo()._message_log(
            body=self.env._("New contact entered in the telephone intake: %s", contact.name)
        )
        return contact.id

    # === Notes === #

    @api.model
    def note_call(self, partner_id, text, key, contact_id=False):
        """Note down on the customer what a call was about of which nothing is made.

        :param int partner_id: id of the customer
        :param str text: the note
        :param str key: random key of the dialogue: the same one makes one note
        :param contact_id: id of the contact who called, a false value where that is not known
        :return: True
        :raises UserError: without a text
        """
        self._check_role()
        text = clean_text(text)
        if not text:
            raise UserError(self.env._("Write down what the call was about."))
        customer = self.env["res.partner"].browse(partner_id).exists().commercial_partner_id
        customer.check_access("read")
        if not customer or customer._filter_own_people():
            raise AccessError(self.env._("This is no customer."))
        row = self.env["aftersales.intake.request"]._take(clean_line(key, 64), "note")
        if row.customer_id:
            return True
        row._write_unlocked({"customer_id": customer.id})
        caller = self.env["res.partner"].browse(contact_id or ())
        lines = Markup("<br/>").join(text.splitlines())
        if caller and caller.commercial_partner_id == customer:
            lines = Markup("%s<br/>%s") % (
                self.env._("Call of %s", f"{caller.name} {caller.phone or ''}".strip()),
                lines,
            )
        # sudo: whoever takes a call notes it down, also on a customer of a colleague; author is the user
        customer.sudo().with_context(mail_post_autofollow_author_skip=True).message_post(
            body=lines,
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid=NOTE_SUBTYPE,
        )
        return True
