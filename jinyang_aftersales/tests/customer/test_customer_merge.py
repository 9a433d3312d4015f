"""Merging customers loses nothing, and voids no signature (M36, M37)."""

import json
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..implementation.implementation_common import ImplementationCommon
from ..visit.visit_common import VisitCommon

# Rules for rows of which a customer has only one: which of them stay is said by `_merge_customers` of these models.
FOLDED = {"aftersales.renewal.notice", "aftersales.callback"}


@tagged("post_install", "-at_install")
class TestCustomerMerge(VisitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls.make_customer("武汉恒达机械")

    def merge(self, sources, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with mute_logger("odoo.addons.base.partner.merge"):
            wizard._merge((sources + target).ids, target)
        self.env.invalidate_all()

    def partner_columns(self):
        """Stored links to contacts, in models of ours and in those of others, by model and field."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not model._auto or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if (field.store, field.type) == (True, "many2one") and (
                    field.comodel_name == "res.partner"
                ):
                    yield model, field

    def own_keys(self):
        """Tables and columns of unique keys that our addons define, also of columns within an expression or a
        condition of the key.

        :rtype: set[tuple]
        """
        ours = [
            part.full_name(self.env[name])
            for name, model in self.env.registry.items()
            for part in model._table_objects.values()
            if part._module.startswith("jinyang_aftersales")
        ]
        self.env.cr.execute(
            """
            SELECT DISTINCT class.relname, attribute.attname
              FROM pg_index AS index
              JOIN pg_class AS class ON class.oid = index.indrelid
              JOIN pg_class AS key ON key.oid = index.indexrelid
              JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid AND attribute.attnum > 0
             WHERE index.indisunique AND NOT index.indisprimary
               AND (class.relname LIKE 'aftersales%%' OR key.relname = ANY(%s))
               AND (attribute.attnum = ANY (index.indkey)
                    OR EXISTS (SELECT FROM pg_depend AS needed
                                WHERE needed.classid = 'pg_class'::regclass
                                  AND needed.objid = index.indexrelid
                                  AND needed.refclassid = 'pg_class'::regclass
                                  AND needed.refobjid = class.oid
                                  AND needed.refobjsubid = attribute.attnum))
            """,
            [ours],
        )
        return set(self.env.cr.fetchall())

    def make_call(self, customer, day, **values):
        return self.env["aftersales.callback"]._create_unlocked(
            {
                "partner_id": customer.id,
                "company_id": self.company.id,
                "kind": "routine",
                "user_id": self.callback.id,
                "due_date": day,
                "cycle_date": day,
                **values,
            }
        )

    def put(self, visit, column, value):
        """Change a visit past the product."""
        visit.flush_recordset()
        self.cr.execute(
            f"UPDATE aftersales_visit SET {column} = %s WHERE id = %s", [value, visit.id]
        )
        visit.invalidate_recordset()

    def test_every_unique_key_with_a_contact_has_a_rule_for_merges(self):
        """M36: Odoo deletes or refuses what breaks a unique key."""
        unique = self.own_keys()
        self.assertIn(("contract_contract", "renewal_of_id"), unique, "on models of others, too")
        self.assertIn(("aftersales_renewal_notice", "contract_id"), unique, "in expressions, too")
        keyed = {
            model._name
            for model, field in self.partner_columns()
            if (model._table, field.name) in unique
        }
        self.assertEqual(keyed, FOLDED)
        mixin = self.env.registry["aftersales.owner.mixin"]
        for name in FOLDED:
            self.assertIsNot(self.env.registry[name]._merge_customers, mixin._merge_customers, name)
        # Odoo deletes rows of a column that is named by a constraint when it cannot change them
        wizard = self.env["base.partner.merge.automatic.wizard"]
        for model, field in self.partner_columns():
            if not model._name.startswith("aftersales."):
                continue
            self.assertFalse(
                wizard._has_check_or_unique_constraint(model._table, field.name),
                (model._name, field.name),
            )

    def test_merge_keeps_every_row_and_its_owner(self):
        visits = self.make_visit(state="feedback") | self.make_visit(
            partner_id=self.twin.id, arrival_agreed_with_id=self.twin.software_contact_id.id
        )
        self.make_installation(self.twin)
        today = self.company._aftersales_today()
        calls = self.make_call(self.customer, today, state="done") | self.make_call(
            self.twin, today, state="done"
        )
        own = {model for model, _field in self.partner_columns() if "aftersales" in model._name}
        models = own | {self.env[name] for name in ("helpdesk.ticket", "contract.contract")}
        before = {model: model.with_context(active_test=False).search_count([]) for model in models}
        self.merge(self.twin, self.customer)
        for model, count in before.items():
            if model._name != "aftersales.partner.successor":
                self.assertEqual(
                    model.with_context(active_test=False).search_count([]), count, model
                )
        self.assertEqual(visits.commercial_partner_id, self.customer)
        self.assertEqual(calls.mapped("state"), ["done", "done"])
        self.assertEqual(calls.partner_id, self.customer)

    def test_merge_keeps_signatures(self):
        """M36: who was merged with a duplicate is still who has signed."""
        visit = self.make_visit(state="feedback")
        self.merge(self.customer, self.twin)
        self.assertEqual(visit.partner_id, self.twin)
        self.assertTrue(visit.signature_valid)
        third = self.make_customer("恒达集团")
        self.merge(self.twin, third)
        self.assertEqual(visit.partner_id, third)
        self.assertTrue(visit.signature_valid)

    def test_another_customer_or_technician_breaks_the_signature(self):
        """M36: who is put there past the product is somebody else, also after a merge."""
        for column, value in (("partner_id", self.twin.id), ("problem", "Other")):
            visit = self.make_visit(state="feedback")
            self.put(visit, column, value)
            self.assertFalse(visit.signature_valid, column)
        visit = self.make_visit(state="feedback")
        visit._write_unlocked({"technician_ids": [Command.set(self.colleague.ids)]})
        self.assertFalse(visit.signature_valid)
        # a merge of long ago does not stand for a signature of today
        self.env["aftersales.partner.successor"]._note(self.customer, self.twin, "merge")
        row = self.env["aftersales.partner.successor"].search([], limit=1)
        visit = self.make_visit(state="feedback")
        row._write_unlocked({"date": visit.signed_on - timedelta(days=1)})
        self.put(visit, "partner_id", self.twin.id)
        self.assertFalse(visit.signature_valid)

    def test_signature_of_before_is_read_as_it_was_written(self):
        """M36: signed contents without printed texts, and merges that were not noted down."""
        visit = self.make_visit(state="feedback")
        content = json.loads(visit.signed_content)
        printed = content.pop("printed")
        self.assertEqual(printed["customer"], "武汉恒达机械有限公司")
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        digest = visit._hash_signature(text, visit.customer_signature)
        visit._write_unlocked({"signed_content": text, "signature_hash": digest})
        self.assertTrue(visit.signature_valid)
        self.customer.name = "武汉恒达集团"
        self.assertEqual(visit._get_paper_texts()["customer"], "武汉恒达机械有限公司")
        self.customer.name = "武汉恒达机械"
        self.merge(self.customer, self.twin)
        self.env["aftersales.partner.successor"].search([])._unlink_unlocked()
        self.assertFalse(visit.signature_valid, "renamed before the merge")
        self.twin.name = "武汉恒达机械有限公司"
        self.env.invalidate_all()
        self.assertTrue(visit.signature_valid)

    def test_earlier_of_two_open_routine_calls_stays(self):
        """M37: merging is not refused, and the customer is called once."""
        today = self.company._aftersales_today()
        mine = self.make_call(self.customer, today)
        later = self.make_call(self.twin, today + timedelta(days=3))
        self.merge(self.twin, self.customer)
        self.assertEqual((mine.state, later.state), ("todo", "cancelled"))
        self.assertIn("merged", later.cancel_reason)
        other = self.make_customer("恒达分店")
        same = self.make_call(other, today)
        self.merge(other, self.customer)
        self.assertEqual((mine.state, same.state), ("todo", "cancelled"))

    def test_open_routine_call_goes_when_its_interval_was_called(self):
        today = self.company._aftersales_today()
        done = self.make_call(self.twin, today, state="done")
        waiting = self.make_call(self.customer, today)
        self.merge(self.twin, self.customer)
        self.assertEqual((done.state, waiting.state), ("done", "cancelled"))

    def test_successors_are_noted_by_methods_only(self):
        rows = self.env["aftersales.partner.successor"]
        with self.assertRaisesRegex(Exception, "made when contacts are merged"):
            rows.create(
                {
                    "old_id": 1,
                    "partner_id": self.twin.id,
                    "date": "2026-01-01",
                    "reason": "merge",
                }
            )


@tagged("post_install", "-at_install")
class TestAcceptanceMerge(ImplementationCommon):
    def test_every_sealed_field_with_a_contact_survives_a_merge(self):
        """M36: by introspection; trainings name their attendees."""
        sealed = {
            f"{name}.{field}"
            for name in self.env.registry.descendants(["aftersales.signature.mixin"], "_inherit")
            for field in self.env[name]._signed_fields
            if self.env[name]._fields[field].comodel_name == "res.partner"
        }
        self.assertEqual(
            sealed, {"aftersales.visit.partner_id", "aftersales.implementation.partner_id"}
        )
        row = self.make("accepted")
        for source in (self.contact, self.customer):
            twin = self.env["res.partner"].create(
                {
                    "name": f"{source.name} again",
                    "parent_id": source.parent_id.id,
                    "is_company": source.is_company,
                }
            )
            wizard = self.env["base.partner.merge.automatic.wizard"].create({})
            with mute_logger("odoo.addons.base.partner.merge"):
                wizard._merge((source + twin).ids, twin)
            self.env.invalidate_all()
            self.assertTrue(row.signature_valid, source)
        self.assertEqual(row.partner_id, twin)

    def test_new_name_of_an_attendee_leaves_the_acceptance_valid(self):
        """M36: the trainings are signed with who they were, not with how they were called."""
        row = self.make("accepted")
        self.contact.name = "Married"
        row.session_ids.trainer_id.name = "Married, too"
        self.env.invalidate_all()
        self.assertTrue(row.signature_valid)
        self.cr.execute(
            "DELETE FROM aftersales_implementation_attendee_rel WHERE session_id IN %s",
            [tuple(row.session_ids.ids)],
        )
        self.env.invalidate_all()
        self.assertFalse(row.signature_valid)
