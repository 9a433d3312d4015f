"""Documents belong to the company they were made for; a contact who moves takes nothing along (M31, B.27)."""

import importlib.util
import re

from odoo.exceptions import RedirectWarning
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger
from odoo.tools.misc import file_path

from .portal_examples import ALPHA, PortalExamples

OWNER = "commercial_partner_id"
MIGRATION = "jinyang_aftersales/migrations/19.0.2.0.0/pre-migration.py"
MIGRATION_3 = "jinyang_aftersales/migrations/19.0.3.0.0/post-customer.py"
# models with a partner that are no documents of a customer, with the reason
OTHERS = {
    "aftersales.approval": "read with its document; the partner is a copy for the inbox",
    "aftersales.letter.dispatch": "evidence of a letter, which customers do not read",
    "aftersales.unplaced.mail": "belongs to nobody before our people have found its place",
    "aftersales.portal.link": "the link of one person, which ends when the person leaves the owner",
    "aftersales.partner.key": "a telephone or name of the contact itself",
    "aftersales.partner.successor": "says who takes the place of whom",
    "aftersales.implementation.session": "a part of its implementation",
    "aftersales.review": "no document: read from documents each time, for managers only",
}
COUNTERS = [
    "ticket_count",
    "contract_count",
    "installation_count",
    "visit_count",
    "application_count",
    "change_count",
    "complaint_count",
]


def load_migration():
    """:return: the module of the migration, whose path cannot be imported by name"""
    spec = importlib.util.spec_from_file_location("pre_migration", file_path(MIGRATION))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestOwner(PortalExamples, HttpCase):
    """Alice moves from the first company to the second; Carol stays, Bob has always been there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        # made for a contact instead of the company
        cls.personal = cls._new_contract(cls.alice.partner_id, name=f"{ALPHA} personal")
        cls.documents = [*cls.owned(cls.alpha), cls.personal]

    @staticmethod
    def owned(examples):
        return [document for document in examples.values() if OWNER in document._fields]

    def move(self):
        self.alice.partner_id.parent_id = self.stranger
        self.env.flush_all()
        self.env.invalidate_all()

    def owned_models(self):
        """Models whose documents have an owner: those of our addons, and those of other addons that we extend.

        :rtype: list[str]
        """
        mixin = self.env.registry["aftersales.owner.mixin"]
        return [
            name
            for name, model in self.env.registry.items()
            if issubclass(model, mixin) and not model._abstract
        ]

    def seen_by(self, user):
        """Examples a user may read; access check and search must give the same ones."""
        found = set()
        for document in self.documents:
            own = document.with_user(user)
            self.assertEqual(
                own.has_access("read"),
                bool(own.search_count([("id", "=", document.id)])),
                (user.login, document),
            )
            if own.has_access("read"):
                found.add(document)
        return found

    def cards(self, login):
        """Numbers on the home page of the portal."""
        self.sign_in(login)
        return self.make_jsonrpc_request("/my/counters", {"counters": COUNTERS})

    def assertListed(self, documents, shown, login):
        """Check whether documents are in the lists of the signed-in user, and whether their pages open."""
        for document in documents:
            url = document.access_url
            if url == "#":
                continue
            told = (login, url)
            listed = (
                "/my/tickets" if document._name == "helpdesk.ticket" else url.rpartition("/")[0]
            )
            page = self.url_open(listed, allow_redirects=False).text
            self.assertEqual(bool(re.search(rf"{url}\b", page)), shown, told)
            self.assertEqual(
                self.url_open(url, allow_redirects=False).status_code == 200, shown, told
            )

    def test_every_document_of_a_customer_has_an_owner(self):
        owned = set(self.owned_models())
        for name, model in self.env.registry.items():
            field = model._fields.get("partner_id")
            if not name.startswith("aftersales.") or model._abstract or model._transient:
                continue
            if field and field.store and field.comodel_name == "res.partner":
                with self.subTest(model=name):
                    self.assertIn(name, owned | OTHERS.keys())
        self.assertLessEqual({"helpdesk.ticket", "contract.contract"}, owned)

    def test_owner_depends_on_the_document_only(self):
        for name in self.owned_models():
            field = self.env[name]._fields[OWNER]
            with self.subTest(model=name):
                self.assertTrue(field.store and field.readonly and field.index)
                self.assertFalse(field.related or field.inverse)
                self.assertEqual(list(self.registry.field_depends[field]), ["partner_id"])

    def test_contact_who_moves_takes_nothing_along(self):
        everything = set(self.documents)
        self.assertEqual(self.seen_by(self.alice), everything)
        self.assertEqual(self.seen_by(self.carol), everything)
        self.move()
        self.assertEqual(self.alice.commercial_partner_id, self.stranger)
        for document in self.documents:
            self.assertEqual(document.commercial_partner_id, self.customer, document)
        self.assertEqual(self.seen_by(self.carol), everything)
        for user in (self.alice, self.bob):
            self.assertFalse(self.seen_by(user), user.login)
        for document in self.owned(self.beta):
            self.assertTrue(document.with_user(self.alice).has_access("read"), document)

    def test_pages_and_numbers_of_the_portal_stay_with_the_company(self):
        carol, bob = self.cards("carol"), self.cards("bob")
        self.assertGreaterEqual(carol["ticket_count"], 1)
        self.move()
        self.assertEqual(self.cards("carol"), carol)
        self.assertListed(self.documents, True, "carol")
        for login in ("alice", "bob"):
            self.assertEqual(self.cards(login), bob)
            self.assertListed(self.documents, False, login)
            self.assertListed(self.owned(self.beta), True, login)

    def test_staff_find_documents_at_the_company(self):
        tickets, contracts = (
            self.alpha["helpdesk.ticket"],
            self.personal | self.alpha["contract.contract"],
        )
        self.move()
        for partner, count in ((self.customer, 1), (self.stranger, 1), (self.alice.partner_id, 0)):
            with self.subTest(partner=partner.name):
                self.assertEqual(partner.helpdesk_ticket_count, count)
                action = partner.action_view_helpdesk_tickets()
                found = tickets.search(action["domain"])
                self.assertEqual(len(found), count)
                self.assertEqual(tickets in found, partner == self.customer)
        self.assertEqual(self.customer.sale_contract_count, 2)
        self.assertEqual(self.stranger.sale_contract_count, 1)
        self.assertEqual(
            contracts.search(self.customer._get_partner_contract_domain()), contracts.sorted()
        )

    def test_partner_being_entered_has_no_documents(self):
        self._new_ticket(self.env["res.partner"], name="From nobody")
        for values in ({}, {"parent_id": self.customer.id}):
            partner = self.env["res.partner"].new({"name": "New", **values})
            self.assertEqual(partner.helpdesk_ticket_count, 0)
            self.assertEqual(partner.sale_contract_count, 0)

    def test_owner_follows_the_customer_that_staff_correct_only(self):
        ticket, alice = self.alpha["helpdesk.ticket"], self.alice.partner_id
        self.move()
        # forms and interfaces also send unchanged values
        ticket.write({"partner_id": alice.id, "name": "Still the first company's"})
        self.env.flush_all()
        self.assertEqual(ticket.commercial_partner_id, self.customer)
        ticket.partner_id = self.bob.partner_id
        self.assertEqual(ticket.commercial_partner_id, self.stranger)
        ticket.partner_id = alice
        self.assertEqual(ticket.commercial_partner_id, self.stranger)
        both = ticket | self._new_ticket(self.carol.partner_id, name="Another")
        both.write({"partner_id": self.carol.partner_id.id})
        self.assertEqual(both.commercial_partner_id, self.customer)

    def follow(self, partner, parent):
        """Confirm in the dialogue, to which the refusal leads, that a customer becomes part of a company."""
        with self.assertRaises(RedirectWarning) as caught, self.cr.savepoint():
            partner.write({"parent_id": parent.id, "is_company": False})
        message, action, _label, *_more = caught.exception.args
        self.assertIn(parent.name, message)
        self.env.invalidate_all()
        dialog = self.env[action["res_model"]].with_context(**action["context"]).create({})
        self.assertEqual((dialog.partner_id, dialog.owner_id), (partner, parent))
        dialog.action_confirm()
        self.env.invalidate_all()
        return dialog

    def test_customer_who_becomes_a_contact_takes_documents_along_once_confirmed(self):
        """M31: a person with documents becomes a contact: the company owns them from then on."""
        person = self.env["res.partner"].create({"name": "Li Na"})
        visit = self.env["aftersales.visit"].create({"partner_id": person.id})
        mail = self.env["aftersales.unplaced.mail"]._create_unlocked(
            {"name": "Help", "reason": "unknown", "partner_id": person.id}
        )
        self.follow(person, self.stranger)
        self.assertEqual(mail.partner_id, person, "who has written stays who has written")
        self.assertEqual(visit.commercial_partner_id, self.stranger)
        self.assertEqual(visit.partner_id, self.stranger)
        # the contact owns nothing any more, and moves on without it
        person.parent_id = self.customer
        self.env.flush_all()
        self.assertEqual(visit.commercial_partner_id, self.stranger)

    def test_documents_of_a_branch_go_to_its_head_office_after_a_confirmation(self):
        """M31: every model; the confirmation says what goes along and who will read it."""
        head = self.env["res.partner"].create({"name": "Head Office", "is_company": True})
        self.env.flush_all()
        dialog = self.follow(self.customer, head)
        for document in self.documents:
            self.assertEqual(document.commercial_partner_id, head, document)
            self.assertTrue(document.with_user(self.carol).has_access("read"), document)
        self.assertEqual(self.seen_by(self.bob), set())
        self.assertEqual(self.customer._find_documents(), {})
        self.assertEqual(set(head._find_documents()), {row._name for row in self.documents})
        self.assertEqual(head.installation_count, 1, "M37: its software stays in sight")
        self.assertIn("Head Office", self.customer.message_ids[0].body)
        self.assertTrue(dialog)

    def test_confirmation_names_documents_and_readers(self):
        """M31"""
        head = self.env["res.partner"].create({"name": "Head Office", "is_company": True})
        dialog = self.env["aftersales.owner.follow"].create(
            {"partner_id": self.customer.id, "parent_id": head.id}
        )
        self.assertIn("Helpdesk Ticket (1)", dialog.documents)
        self.assertIn("carol", dialog.readers)
        self.assertNotIn("bob", dialog.readers)

    def test_documents_do_not_go_along_unseen(self):
        """M31: by no way that makes a customer part of another one."""
        branch = self.customer
        for attempt in (
            lambda: branch.write({"parent_id": self.stranger.id, "is_company": False}),
            lambda: branch.with_context(aftersales_owner=True).write(
                {"parent_id": self.stranger.id, "company_type": "person"}
            ),
            lambda: self.stranger.write(
                {"child_ids": [Command.update(branch.id, {"is_company": False})]}
            )
            and self.stranger.write({"child_ids": [Command.link(branch.id)]}),
        ):
            with self.assertRaises(RedirectWarning), self.cr.savepoint():
                attempt()
            self.env.invalidate_all()
        self.assertEqual(branch.commercial_partner_id, branch)
        # a branch that stays a company of its own keeps its documents, and its software is in sight from above
        branch.parent_id = self.stranger
        self.assertEqual(self.alpha["aftersales.visit"].commercial_partner_id, branch)
        self.assertEqual(self.stranger.installation_count, 2)
        self.assertEqual(branch.installation_count, 1)
        action = self.stranger.action_view_installations()
        self.assertEqual(self.env["aftersales.installation"].search_count(action["domain"]), 2)

    def test_merge_into_a_contact_gives_the_documents_to_its_company(self):
        """M31: the owner is always a company of its own."""
        person = self.env["res.partner"].create({"name": "Li Na"})
        visit = self.env["aftersales.visit"].create({"partner_id": person.id})
        contact = self.env["res.partner"].create({"name": "Li Na", "parent_id": self.stranger.id})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with mute_logger("odoo.addons.base.partner.merge"):
            wizard._merge((person + contact).ids, contact)
        self.env.invalidate_all()
        self.assertEqual(visit.commercial_partner_id, self.stranger)
        self.assertEqual(visit.partner_id, self.stranger)

    def test_upgrade_gives_present_owners_and_computes_none(self):
        migration = load_migration()
        tables = {
            self.env[name]._table
            for name in self.owned_models()
            if name not in ("helpdesk.ticket", "contract.contract")
        }
        self.assertEqual(set(migration.OWNED_TABLES), tables)
        self.env.flush_all()
        for table in migration.OWNED_TABLES:
            name = SQL.identifier(table)
            rows = SQL("SELECT id, commercial_partner_id FROM %s ORDER BY id", name)
            before = self.env.execute_query(rows)
            self.cr.execute(SQL("ALTER TABLE %s DROP COLUMN commercial_partner_id", name))
            migration.fill_owner(self.cr, table)
            self.assertEqual(self.env.execute_query(rows), before)
        visit = self.alpha["aftersales.visit"]
        self.cr.execute(
            "UPDATE aftersales_visit SET commercial_partner_id = %s WHERE id = %s",
            [self.stranger.id, visit.id],
        )
        migration.fill_owner(self.cr, "aftersales_visit")
        visit.invalidate_recordset()
        self.assertEqual(visit.commercial_partner_id, self.stranger)

    def test_upgrade_gives_back_what_had_gone_along(self):
        """M31: the owner is that of visit, change, application or software; what differed is listed."""
        spec = importlib.util.spec_from_file_location("post_customer", file_path(MIGRATION_3))
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        ticket, contract = self.alpha["helpdesk.ticket"], self.alpha["contract.contract"]
        untouched = self._new_ticket(self.bob.partner_id, name="Of Bob")
        self.alpha["aftersales.visit"]._write_unlocked({"ticket_id": ticket.id})
        contract._write_unlocked(
            {"installation_ids": [Command.set(self.alpha["aftersales.installation"].ids)]}
        )
        self.env.flush_all()
        for table, row in (("helpdesk_ticket", ticket), ("contract_contract", contract)):
            self.cr.execute(
                f"UPDATE {table} SET commercial_partner_id = %s WHERE id = %s",
                [self.stranger.id, row.id],
            )
        for version in (False, "19.0.2.0.0", "19.0.2.0.0"):
            migration.migrate(self.cr, version)
            self.env.invalidate_all()
            owner = self.customer if version else self.stranger
            self.assertEqual((ticket | untouched)[0].commercial_partner_id, owner)
            self.assertEqual(contract.commercial_partner_id, owner)
        self.assertEqual(untouched.commercial_partner_id, self.stranger)
        rows = self.env["aftersales.owner.difference"].search([], order="id")
        self.assertRecordValues(
            rows,
            [
                {
                    "res_model": row._name,
                    "res_id": row.id,
                    "owner_before_id": self.stranger.id,
                    "owner_after_id": self.customer.id,
                    "source": source,
                }
                for row, source in ((ticket, "visit"), (contract, "installation"))
            ],
        )
        self.assertEqual(rows[0].action_open()["res_id"], ticket.id)

    def test_upgrade_lets_rules_of_customers_ask_for_the_owner(self):
        rule = self.env.ref("jinyang_aftersales.aftersales_visit_rule_own_company")
        now = rule.domain_force
        foreign = self.env.ref("helpdesk_mgmt.helpdesk_ticket_rule_portal")
        kept = foreign.domain_force
        for old in (
            "('partner_id.commercial_partner_id', '=', user.commercial_partner_id.id)",
            "('partner_id', '=', user.partner_id.commercial_partner_id.id)",
            "('partner_id', '=', user.commercial_partner_id.id)",
        ):
            new = "('commercial_partner_id', '=', user.commercial_partner_id.id)"
            rule.domain_force = now.replace(new, old)
            self.assertNotEqual(rule.domain_force, now)
            self.env.flush_all()
            load_migration().let_rules_ask_for_owner(self.cr)
            self.env.invalidate_all()
            self.assertEqual(rule.domain_force, now)
        self.assertEqual(foreign.domain_force, kept)
