"""One example of every kind of document customers can access, made for two customers, with marks in all its texts.

Tests over all routes and models of the portal use these documents. Models and routes are found by introspection; an
unknown one fails the tests, so that new pages and models cannot be left out.
"""

import re
import threading
from unittest.mock import patch

from odoo.fields import Command
from odoo.tools import SQL

from .common_portal import PortalBrowser

# marks of texts: readable by the customer, of the other customer, and internal
ALPHA, BETA, STAFF = "ALPHAMARK", "BETAMARK", "STAFFMARK"
# addons whose routes and models are tested
ADDONS = ("jinyang_aftersales", "helpdesk_mgmt", "contract")
# files that managers download from the backend, which customers find nowhere
STAFF_FILES = frozenset(
    {
        "/jinyang_aftersales/takeover/template/<string:code>",
        "/jinyang_aftersales/takeover/<int:takeover_id>/refused",
    }
)
# routes of Odoo that our addons only restrict or lead elsewhere; tested in test_portal_message_files.py and
# test_home_landing.py
NARROWED = frozenset(
    {
        "/mail/attachment/upload",
        "/web/pivot/export_xlsx",
        "/web/action/load",
        "/web/export/get_fields",
    }
)
# pages of links in letters about what customers cannot read; tested in test_renewal_link.py
# and what mails a new link; tested in test_portal_links.py
LETTERS = frozenset({"/renewal/<int:notice_id>", "/renewal/<int:notice_id>/answer", "/my/link/new"})
# models customers may read that belong to no customer
SHARED = frozenset(
    {
        "aftersales.product.line",
        "helpdesk.tag",
        "helpdesk.ticket.category",
        "helpdesk.ticket.channel",
        "helpdesk.ticket.stage",
        "helpdesk.ticket.tag",
        "helpdesk.ticket.team",
    }
)
# text fields of other addons' models that their customer may read
OPEN_FIELDS = {
    "helpdesk.ticket": {"name", "description", "department", "partner_name"},
    "contract.contract": {
        "name",
        "code",
        "note",
        "customer_signatory",
        "invoice_courier",
        "invoice_tracking_number",
    },
    "contract.line": {"name"},
    "contract.modification": {"description"},
}
# parts of documents: model and one2many field of their document
PARTS = {
    "contract.line": ("contract.contract", "contract_line_ids"),
    "contract.modification": ("contract.contract", "modification_ids"),
}
# models of route parameters whose name does not tell the model
PARAMETERS = {
    "ticket_id": "helpdesk.ticket",
    "contract_id": "contract.contract",
    "contract_contract_id": "contract.contract",
}


class PortalExamples(PortalBrowser):
    """Examples of the first company in ``cls.alpha`` and of the second one in ``cls.beta``, by model."""

    @classmethod
    def setUpExamples(cls):
        cls.setUpPeople()
        cls.stage_new = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        cls.reachable = cls._reachable_models()
        cls.alpha = cls._make_examples(cls.customer, cls.alice, ALPHA)
        cls.beta = cls._make_examples(cls.stranger, cls.bob, BETA)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _reachable_models(cls):
        """Names of the models of our addons on which customers have a right to read."""
        portal = cls.env["base"].with_user(cls.alice).env
        return sorted(
            name
            for name, model in cls.env.registry.items()
            if not model._abstract
            and not model._transient
            and model._original_module in ADDONS
            and portal[name].has_access("read")
        )

    @classmethod
    def _make_examples(cls, customer, user, mark):
        """Make a document of each reachable model.

        :param customer: the res.partner they belong to
        :param user: a portal user of the customer
        :param str mark: mark in their texts
        """
        examples = {}
        for name in cls.reachable:
            if name in SHARED or name in PARTS:
                continue
            document = cls._make_example(name, customer, user.partner_id, mark, examples)
            cls._add_talk(document, mark)
            examples[name] = document
        for name, (owner, field) in PARTS.items():
            if name in cls.reachable:
                examples[name] = examples[owner][field][:1]
        for document in examples.values():
            cls._make_visible(document, user)
        return examples

    @classmethod
    def _make_example(cls, name, customer, contact, mark, examples):
        model = cls.env[name]
        values = cls._get_texts(model, mark)
        if name == "contract.contract":
            # an offer, because it allows most actions
            offer = cls._new_contract(
                customer,
                **values,
                is_service_agreement=True,
                installation_ids=examples["aftersales.installation"].ids,
                term_start="2026-01-01",
                term_end="2999-12-31",
                contract_line_ids=[
                    Command.create(
                        {
                            "name": f"{mark} line",
                            "quantity": 1,
                            "price_unit": 12.5,
                            "date_start": "2026-01-01",
                            "recurring_next_date": "2026-01-01",
                        }
                    )
                ],
                modification_ids=[Command.create({"date": "2026-01-01", "description": mark})],
            )
            offer._enter("sent")
            return offer
        if name == "helpdesk.ticket":
            return cls._new_ticket(contact, **values)
        if name == "aftersales.installation":
            software = cls.env["product.product"].create(
                {"name": f"{mark} software", "type": "service"}
            )
            values.update(product_id=software.id, serial_number=f"{mark}-1")
            return model.create({**values, "partner_id": customer.id})
        for field in model._fields.values():
            if field.required and field.type == "selection" and not field.default:
                values.setdefault(field.name, field.get_values(cls.env)[0])
        values["partner_id"] = customer.id
        if "contact_id" in model._fields:
            values["contact_id"] = contact.id
        # with the key of the guard, because texts of later steps are filled in at creation
        return model._create_unlocked(values).with_env(cls.env)

    @classmethod
    def _get_texts(cls, model, mark):
        """Values for all text fields: those that customers read with their mark, the others with ``STAFF``."""
        shown = OPEN_FIELDS.get(model._name)
        if shown is None:
            theirs = model.with_user(cls.alice)
            shown = {
                name
                for name, field in model._fields.items()
                if theirs._has_field_access(field, "read")
            }
        protected = getattr(model, "_protected_fields", {})
        return {
            name: f"{mark if name in shown else STAFF} {name}"
            for name, field in model._fields.items()
            if field.type in ("char", "text", "html")
            and field.store
            and not (field.readonly or field.related or name in protected)
            and not name.startswith(("access_", "message_", "activity_", "scan_", "email_"))
            and name not in ("name", "access_token", "number", "serial_number", "partner_email")
        } | ({"name": f"{mark} name"} if "name" in shown and model._name in OPEN_FIELDS else {})

    @classmethod
    def _add_talk(cls, document, mark):
        """A message to the customer and an internal note, each with a file."""
        if "message_ids" not in document._fields:
            return
        for text, subtype in ((mark, "mail.mt_comment"), (STAFF, "mail.mt_note")):
            document.message_post(
                body=f"{text} said",
                attachments=[(f"{text}.txt", f"{text} file".encode())],
                subtype_xmlid=subtype,
            )

    @classmethod
    def _make_visible(cls, document, user):
        """Bring a document into a state in which its customer sees it."""
        cls.env.flush_all()
        field = document._fields.get("state")
        states = field.get_values(cls.env) if field and field.type == "selection" else []
        for state in ["", *states]:
            if state:
                document._write_unlocked({"state": state})
                cls.env.flush_all()
            if document.with_user(user).has_access("read"):
                return
        raise AssertionError(f"no customer ever sees {document}")

    # === Routes === #

    @classmethod
    def portal_rules(cls, without=NARROWED | LETTERS | STAFF_FILES):
        """Rules of the routing map for controllers of our addons.

        :param without: addresses that are left out
        """
        # the routing map reads the database from the thread, where only threads of requests set it
        thread = threading.current_thread()
        with patch.object(thread, "dbname", cls.env.cr.dbname, create=True):
            rules = list(cls.env["ir.http"].routing_map().iter_rules())
        return [
            rule
            for rule in rules
            if rule.rule not in without
            and any(
                getattr(rule.endpoint, "__module__", "").startswith(f"odoo.addons.{addon}.")
                for addon in ADDONS
            )
            or rule.rule in ("/my", "/my/home", "/my/counters")
        ]

    @classmethod
    def document_model(cls, rule, name):
        """Model of a route parameter, by its name; None when it is unknown."""
        if name in PARAMETERS:
            return PARAMETERS[name]
        prefix = re.match(r"(/my/[a-z_-]+)/<", rule.rule)
        for model in cls.reachable:
            if prefix and getattr(cls.env[model], "_portal_url", None) == prefix[1]:
                return model
        return None

    # === What must not change === #

    def watched_tables(self):
        """Tables of the documents and of their dependent rows."""
        names = {*self.alpha, "aftersales.portal.submission", "mail.message", "ir.attachment"}
        names |= {"mail.activity", "mail.followers", "res.partner"}
        return sorted(self.env[name]._table for name in names)

    def set_still(self):
        """Set the dates of all writes back, because they are the same within one transaction."""
        self.env.flush_all()
        for table in self.watched_tables():
            if table != "mail_followers":
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET write_date = '2020-01-01' WHERE write_date > '2020-01-01'"
                        " OR write_date IS NULL",
                        SQL.identifier(table),
                    )
                )
        self.env.invalidate_all()
        self.still = self.count_rows()

    def count_rows(self):
        """How many rows each table has, and how many were written since :meth:`set_still`."""
        self.env.flush_all()
        counts = {}
        written = SQL(", count(*) FILTER (WHERE write_date > '2020-01-01')")
        for table in self.watched_tables():
            # followers have no date
            extra = SQL() if table == "mail_followers" else written
            self.env.cr.execute(SQL("SELECT count(*)%s FROM %s", extra, SQL.identifier(table)))
            counts[table] = self.env.cr.fetchone()
        return counts

    def assertStill(self, *told):
        """Check that nothing was written, created or deleted since :meth:`set_still`."""
        now = self.count_rows()
        changed = {
            table: (self.still[table], row)
            for table, row in now.items()
            if row != self.still[table]
        }
        if changed:
            self.set_still()
        self.assertFalse(changed, told)
