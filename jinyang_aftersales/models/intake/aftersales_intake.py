from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...groups import CALLERS, SPECIALISTS
from ...tools.keys import customer_key, phone_keys, serial_key
from ...tools.text import clean_line
from ..complaint.values import OPEN_STATES
from .values import (
    DOCUMENTS,
    LATELY,
    LEAST_SIGNS,
    MOST_HITS,
    MOST_LATELY,
    MOST_PEOPLE,
    MOST_ROWS,
    NOTE_SUBTYPE,
)


class AftersalesIntake(models.AbstractModel):
    """Telephone intake 来电受理: who calls, and what is known about them.

    ======================  =====================================================================
    Who                     May
    ======================  =====================================================================
    specialist, manager,    find customers and see their card, with what they may read of it;
    call-back               enter notes, customers and contacts; software as a specialist
    other roles             nothing
    ======================  =====================================================================

    Everything is read with the rights of the user. The methods answer the dialogue of the web client.
    """

    _name = "aftersales.intake"
    _description = "Telephone Intake"

    @api.model
    def _takes_calls(self):
        """:return: whether the user takes calls of customers"""
        return self.env.user.has_groups(f"{SPECIALISTS},{CALLERS}")

    @api.model
    def _check_role(self):
        """:raises AccessError: for users who do not take calls"""
        if not self.env.su and not self._takes_calls():
            raise AccessError(
                self.env._("Specialists and call-back staff take calls of customers.")
            )

    # === Finding === #

    @api.model
    def find_callers(self, text):
        """Customers to whom a telephone, a name, a contact, a serial, a QQ or a document number belongs.

        :param str text: as typed, two signs at least; empty: those with whom the user has spoken lately
        :return: ``hits``, at most eight, and whether there are ``more``
        :rtype: dict
        """
        self._check_role()
        text = clean_line(text)
        if not text:
            lately = self._find_lately()
            return {"hits": [self._describe_hit(row, row, "") for row in lately], "more": False}
        if len(text) < LEAST_SIGNS:
            return {"hits": [], "more": False}
        found = self.env["res.partner"]._find_any(text, limit=3 * MOST_HITS)
        found -= found._filter_own_people()
        people = found.grouped(lambda partner: partner.commercial_partner_id)
        why = dict.fromkeys(people, "")
        if not people:
            why = self._find_by_document(text)
            people = dict.fromkeys(why, self.env["res.partner"])
        customers = self.env["res.partner"].union(*people)._filtered_access("read")
        order = sorted(customers, key=lambda row: self._get_rank(row, people[row], text))
        return {
            "hits": [self._describe_hit(row, people[row], why[row]) for row in order[:MOST_HITS]],
            "more": len(order) > MOST_HITS,
        }

    @api.model
    def _find_lately(self):
        """:return: customers of the last tickets and entries of the user: who calls again is one press away
        :rtype: res.partner
        """
        mine = Domain("create_uid", "=", self.env.uid)
        since = fields.Datetime.now() - LATELY
        # sudo: what the user has entered on the telephone, by which only customers are found
        requests = self.env["aftersales.intake.request"].sudo()
        entries = requests.search(
            mine & Domain("create_date", ">=", since) & Domain("customer_id", "!=", False),
            limit=2 * MOST_LATELY,
        )
        found = [(row.create_date, row.customer_id.commercial_partner_id.id) for row in entries]
        if self.env["helpdesk.ticket"].has_access("read"):
            tickets = self.env["helpdesk.ticket"].search(
                mine & Domain("create_date", ">=", since), order="id desc", limit=2 * MOST_LATELY
            )
            found += [(row.create_date, row.commercial_partner_id.id) for row in tickets]
        found.sort(reverse=True)
        numbers = dict.fromkeys(number for _moment, number in found if number)
        customers = self.env["res.partner"].browse(numbers)._filtered_access("read")
        return (customers - customers._filter_own_people())[:MOST_LATELY]

    @api.model
    def _find_by_document(self, text):
        """Customers of documents with this number.

        :return: number of the document by customer
        :rtype: dict[res.partner, str]
        """
        if not any(char.isdigit() for char in text):
            return {}
        found = {}
        for model in self.env["res.partner"]._get_owned_models():
            name = "number" if model._name == "helpdesk.ticket" else "name"
            field = model._fields.get(name)
            if not field or field.type != "char" or not field.store or not model.has_access("read"):
                continue
            documents = model.search_fetch(
                Domain(name, "in", [text, text.upper()]), ["commercial_partner_id", name], limit=2
            )
            for document in documents.filtered("commercial_partner_id"):
                found.setdefault(document.commercial_partner_id, document[name])
        return found

    @api.model
    def _get_rank(self, customer, people, text):
        """Sort key of hits: the same name, a name that begins so, others; then by name."""
        name, typed = customer_key(customer.name), customer_key(text)
        return (
            name != typed,
            not (typed and name.startswith(typed)),
            customer in people,
            customer.name or "",
        )

    @api.model
    def _describe_hit(self, customer, people, why):
        """:param customer: res.partner, a company or a person without one
        :param people: what was found of it: itself, contacts
        :param str why: number of the document by which it was found
        :return: one line of the list
        :rtype: dict
        """
        people -= customer
        person = people if len(people) == 1 else people.browse()
        return {
            "id": customer.id,
            "name": customer.name or "",
            "contact_id": person.id,
            "contact": person.name or "",
            "phone": person.phone or customer.phone or "",
            "why": why,
            "place": customer.city or customer.service_area or "",
            **self._describe_service(customer),
        }

    @api.model
    def _describe_service(self, record):
        """:param record: a customer or software
        :return: service state, its label, and the last day of service, bare and in words
        :rtype: dict
        """
        said_end = self._say_day(record.service_date_end)
        labels = dict(record._fields["service_state"]._description_selection(self.env))
        return {
            "state": record.service_state,
            "state_label": labels.get(record.service_state, ""),
            "end": said_end,
            "until": self.env._("until %s", said_end) if said_end else "",
        }

    # === The card === #

    @api.model
    def get_card(self, partner_id, contact_id=False, text=""):
        """What whoever takes the call has to know about a customer.

        :param int partner_id: id of a customer or of one of its contacts
        :param contact_id: id of the contact who calls, a false value where that is not known
        :param str text: what was typed: a telephone tells the contact, a serial the software
        :rtype: dict
        """
        self._check_role()
        partner = self.env["res.partner"].browse(partner_id).exists()
        partner.check_access("read")
        customer = partner.commercial_partner_id
        if customer._filter_own_people():
            raise AccessError(self.env._("This is no customer."))
        software = self._list_software(customer)
        people = self._list_people(customer)
        caller = contact_id or (partner.id if partner != customer else False)
        return {
            "id": customer.id,
            "name": customer.name or "",
            "phone": customer.phone or "",
            "landline": customer.landline or "",
            "place": customer.city or customer.service_area or "",
            **self._describe_service(customer),
            "specialist": customer.service_user_id.name or "",
            "owed": self._describe_debt(customer),
            "software": software,
            "installation_id": self._recognise_software(software, text),
            "people": people,
            "contact_id": self._recognise_caller(customer, people, caller, text),
            "tickets": self._list_open_tickets(customer),
            "contacts": self._list_last_contacts(customer),
            "complaints": self._list_complaints(customer),
            "documents": [
                code for code, model in DOCUMENTS if self.env[model].has_access("create")
            ],
            "may_edit": customer.has_access("write"),
            "may_install": self.env["aftersales.installation"].has_access("create"),
        }

    @api.model
    def _describe_debt(self, customer):
        """:return: what the customer owes, False where nothing is owed or the user may not know
        :rtype: dict | bool
        """
        if not customer._has_field_access(customer._fields["owed_state"], "read"):
            return False
        if customer.owed_state == "nothing":
            return False
        amount = self._say_amount(customer.owed_amount, customer.currency_id)
        text = self.env._("Owes %s", amount)
        if customer.owed_since:
            since_when = self._say_day(customer.owed_since)
            text = self.env._("Owes %(amount)s since %(day)s", amount=amount, day=since_when)
        return {"late": customer.owed_state == "overdue", "text": text}

    @api.model
    def _list_software(self, customer):
        rows = self.env["aftersales.installation"].search(
            [("partner_id", "=", customer.id), ("company_id", "in", self.env.companies.ids)]
        )
        serials = dict(rows._fields["serial_state"]._description_selection(self.env))
        return [
            {
                "id": row.id,
                # sudo: the name of the software, for who reads no products
                "name": " ".join(filter(None, (row.sudo().product_id.name, row.version))),
                "serial": row.serial_number or "",
                "serial_label": "" if row.serial_state == "valid" else serials[row.serial_state],
                "specialist": row.user_id.name or "",
                **self._describe_service(row),
            }
            for row in rows
        ]

    @api.model
    def _recognise_software(self, software, text):
        """:return: id of the only software, or of the one whose serial was typed; else False"""
        key = serial_key(text)
        named = [row for row in software if row["serial"] and serial_key(row["serial"]) == key]
        rows = named or software
        return rows[0]["id"] if len(rows) == 1 else False

    @api.model
    def _list_people(self, customer):
        partners = self.env["res.partner"].search(
            [("parent_id", "child_of", customer.id), ("is_company", "=", False)],
            order="name, id",
            limit=MOST_PEOPLE,
        )
        people = partners.filtered(lambda row: row.commercial_partner_id == customer) - customer
        if not customer.is_company:
            people = customer + people
        in_charge = customer.software_contact_id
        return [
            {
                "id": person.id,
                "name": person.name or "",
                "phone": person.phone or "",
                "landline": person.landline or "",
                "department": person.department or person.function or "",
                "in_charge": person == in_charge,
            }
            for person in people.sorted(lambda person: person != in_charge)
        ]

    @api.model
    def _recognise_caller(self, customer, people, caller, text):
        """:return: id of the contact who was chosen, whose telephone was typed, or who is in charge; else False"""
        known = [row["id"] for row in people]
        if caller in known:
            return caller
        keys = set(phone_keys(text))
        calling = [
            row["id"]
            for row in people
            if keys.intersection([*phone_keys(row["phone"]), *phone_keys(row["landline"])])
        ]
        if len(calling) == 1:
            return calling[0]
        return next((row["id"] for row in people if row["in_charge"]), False) or (
            known[0] if len(known) == 1 else False
        )

    @api.model
    def _list_open_tickets(self, customer):
        tickets = self.env["helpdesk.ticket"]
        if not tickets.has_access("read"):
            return []
        rows = tickets.search(
            [("commercial_partner_id", "=", customer.id), ("closed", "=", False)],
            order="id desc",
            limit=MOST_ROWS,
        )
        return [
            {
                "id": row.id,
                "model": row._name,
                "number": row.number,
                "name": row.name,
                "who": row.user_id.name or "",
                "stage": row.stage_id.name or "",
                "day": self._say_moment(row.create_date),
            }
            for row in rows
        ]

    @api.model
    def _say_moment(self, moment):
        """:return: the day of a moment in the user's time zone, as text"""
        return self._say_day(fields.Datetime.context_timestamp(self, moment))

    @api.model
    def _list_last_contacts(self, customer):
        """:return: the last three tickets, visits, calls and notes, the newest first
        :rtype: list[dict]
        """
        found = [
            *self._find_last(
                "helpdesk.ticket", customer, [], "create_date", self.env._("Ticket"), "name"
            ),
            *self._find_last(
                "aftersales.visit",
                customer,
                [("state", "in", ("on_site", "feedback", "done"))],
                "arrived_on",
                self.env._("Visit"),
                "problem",
            ),
            *self._find_last(
                "aftersales.callback",
                customer,
                [("state", "in", ("done", "escalated"))],
                "called_on",
                self.env._("Call-back"),
                "note",
            ),
            *self._find_notes(customer),
        ]
        found.sort(key=lambda row: row["moment"], reverse=True)
        return [
            {**row, "moment": False, "day": self._say_moment(row["moment"])} for row in found[:3]
        ]

    @api.model
    def _find_last(self, model, customer, domain, moment, label, title):
        """The last documents of a customer.

        :param str model: name of their model
        :param list domain: which of them
        :param str moment: field that says when it was
        :param str label: what such a document is called
        :param str title: field that says what it was about
        :rtype: list[dict]
        """
        documents = self.env[model]
        if not documents.has_access("read"):
            return []
        domain = Domain(domain) & Domain(moment, "!=", False)
        domain &= Domain("commercial_partner_id", "=", customer.id)
        rows = documents.search(domain, order=f"{moment} desc, id desc", limit=3)
        return [
            {
                "id": row.id,
                "model": model,
                "kind": label,
                "moment": row[moment],
                "text": clean_line(row[title] or "", 80),
                "who": self._get_worker(row).name or "",
            }
            for row in rows
        ]

    @api.model
    def _get_worker(self, document):
        """:return: the user who did what a document says"""
        name = "lead_technician_id" if "lead_technician_id" in document._fields else "user_id"
        return document[name]

    @api.model
    def _find_notes(self, customer):
        subtype = self.env["ir.model.data"]._xmlid_to_res_id(NOTE_SUBTYPE)
        # sudo: notes of calls, which all who take calls may read, of a customer the user may read
        notes = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", "res.partner"),
                    ("res_id", "=", customer.id),
                    ("subtype_id", "=", subtype),
                ],
                order="id desc",
                limit=3,
            )
        )
        return [
            {
                "id": customer.id,
                "model": "res.partner",
                "kind": self.env._("Note"),
                "moment": note.date,
                "text": clean_line(note.preview, 80),
                "who": note.author_id.name or "",
            }
            for note in notes
        ]

    @api.model
    def _list_complaints(self, customer):
        """Open complaints, as far as the wall lets the user know of them."""
        complaints = self.env["aftersales.complaint"]
        if not complaints.has_access("read"):
            return []
        rows = complaints.search(
            [("commercial_partner_id", "=", customer.id), ("state", "in", OPEN_STATES)],
            limit=MOST_ROWS,
        )
        kinds = dict(complaints._fields["kind"]._description_selection(self.env))
        return [
            {
                "id": row.id,
                "model": row._name,
                "name": row.name,
                "kind": kinds.get(row.kind, ""),
                "day": self._say_day(row.date_received),
            }
            for row in rows
        ]

    # === What is made of the call === #

    @api.model
    def open_document(self, code, partner_id, contact_id=False, installation_id=False):
        """The form of a new document with what the call has told.

        :param str code: which document, see ``DOCUMENTS``
        :param int partner_id: id of the customer
        :param contact_id: id of the contact who calls, a false value for none
        :param installation_id: id of the software it is about, a false value for none
        :return: action of the web client
        :rtype: dict
        """
        self._check_role()
        model = dict(DOCUMENTS)[code]
        self.env[model].check_access("create")
        context = {"default_partner_id": partner_id}
        if contact_id:
            context["default_contact_id"] = contact_id
        if installation_id and code != "complaint":
            context["default_installation_id"] = installation_id
        if code == "ticket":
            context.update(self._get_ticket_defaults(partner_id, installation_id))
        if code == "complaint":
            context["default_origin"] = "phone"
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(model).sudo().name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "current",
            "context": context,
        }

    @api.model
    def _get_ticket_defaults(self, partner_id, installation_id):
        """:return: channel telephone, and who is in charge: of the software, of the customer, or takes the call"""
        channel = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone", False)
        customer = self.env["res.partner"].browse(partner_id)
        software = self.env["aftersales.installation"].browse(installation_id or ())
        user = software.user_id or customer.service_user_id
        if not user.active and self.env.user.has_group(SPECIALISTS):
            user = self.env.user
        values = {"default_user_id": user.id} if user.active else {}
        if channel:
            values["default_channel_id"] = channel.id
        return values
