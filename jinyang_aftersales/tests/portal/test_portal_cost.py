"""Lists and pages of the portal take the same number of queries for any number of documents."""

import json

from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from .portal_examples import PortalExamples

# by model: address of the list, and the field of the domain added to the record rules
LISTS = {
    "aftersales.installation": ("/my/installations", "partner_id"),
    "helpdesk.ticket": ("/my/tickets", None),
    "contract.contract": ("/my/contracts", None),
    "aftersales.visit": ("/my/visits", "partner_id"),
    "aftersales.application": ("/my/applications", "partner_id"),
    "aftersales.change.request": ("/my/changes", "partner_id"),
    "aftersales.complaint": ("/my/complaints", "partner_id"),
}
COUNTERS = [
    f"{name}_count"
    for name in (
        "installation",
        "ticket",
        "contract",
        "visit",
        "application",
        "change",
        "complaint",
    )
]
# columns with unique values
OWN = ("name", "number", "serial_number", "serial_key", "access_token")


@tagged("post_install", "-at_install")
class TestPortalCost(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        cls.made = 0

    def add(self, count):
        """Add documents to each list, of the customer and of the other one, by copying a row."""
        for name in LISTS:
            for examples in (self.alpha, self.beta):
                self.copy_row(examples[name], count)
        self.env.invalidate_all()

    def copy_row(self, document, count):
        self.env.flush_all()
        table = document._table
        self.env.cr.execute(
            SQL(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND column_name != 'id' AND is_generated = 'NEVER'",
                table,
            )
        )
        names = [row[0] for row in self.env.cr.fetchall()]
        texts = [name for name in OWN if name in names and document[name]]
        values = [
            SQL("%s || '-' || %s || n", SQL.identifier(name), str(self.made))
            if name in texts
            else SQL.identifier(name)
            for name in names
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s, generate_series(1, %s) n WHERE id = %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(values),
                SQL.identifier(table),
                count,
                document.id,
            )
        )
        type(self).made += 1

    def cost(self, url):
        """Number of queries of a page with warm caches."""
        for _turn in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            if url == "/my/counters":
                self.make_jsonrpc_request(url, {"counters": COUNTERS})
            else:
                self.assertEqual(self.get(url).status_code, 200, url)
            cost = self.env.cr.sql_log_count - before
        return cost

    def test_every_list_of_documents_is_measured(self):
        urls = {
            rule.rule.partition("/page/")[0]
            for rule in self.portal_rules()
            if "<int:page>" in rule.rule
        }
        self.assertEqual(urls, {url for url, _field in LISTS.values()})

    def test_lists_cost_the_same_with_80_and_400_documents(self):
        urls = [*(url for url, _field in LISTS.values()), "/my", "/my/counters"]
        self.add(80)
        self.sign_in("alice")
        few = {url: self.cost(url) for url in urls}
        self.assertIn("81", json.dumps(self.counters()))
        self.add(320)
        many = {url: self.cost(url) for url in urls}
        self.assertEqual(set(self.counters().values()), {401})
        self.assertEqual(few, many)

    def counters(self):
        return self.make_jsonrpc_request("/my/counters", {"counters": COUNTERS})

    def test_rows_of_a_list_cost_at_most_a_query_or_two_more_together(self):
        self.add(5)
        self.sign_in("alice")
        few = {url: self.cost(url) for url, _field in LISTS.values()}
        self.add(14)
        for url, cost in few.items():
            self.assertLessEqual(self.cost(url), cost + 2, url)

    # === Indexes === #

    def plan(self, query):
        self.env.cr.execute(SQL("EXPLAIN (FORMAT JSON) %s", query))
        [[plan]] = self.env.cr.fetchall()
        nodes, found = [plan[0]["Plan"]], []
        while nodes:
            node = nodes.pop()
            found.append(node)
            nodes += node.get("Plans", ())
        return found

    def test_documents_of_a_customer_are_found_by_an_index_and_not_by_looking_at_all(self):
        self.add(20)
        for name in LISTS:
            self.copy_row(self.beta[name], 500)
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(self.env[name]._table)))
        # PostgreSQL would not use an index of small tables: check that there is one
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        customer = self.alice.commercial_partner_id
        for name, (url, field) in LISTS.items():
            model = self.env[name].with_user(self.alice)
            domain = [(field, "child_of", customer.id)] if field else []
            found, counted = model._search(domain, order="id desc", limit=20), model._search(domain)
            for select in (found.select(), counted.select(SQL("count(*)"))):
                nodes = self.plan(select)
                mine = [node for node in nodes if node.get("Relation Name") == model._table]
                self.assertTrue(mine, url)
                conditions = " ".join(node.get("Index Cond", "") for node in nodes)
                self.assertNotIn("Seq Scan", [node["Node Type"] for node in mine], url)
                self.assertIn("partner_id", conditions, (url, nodes))

    def test_messages_and_files_of_a_document_are_found_by_an_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for name, document in self.alpha.items():
            for model in ("mail.message", "ir.attachment"):
                field = "model" if model == "mail.message" else "res_model"
                # sudo: like the pages, which search after the access check of the document
                rows = self.env[model].sudo()
                query = rows._search([(field, "=", name), ("res_id", "=", document.id)])
                conditions = " ".join(
                    node.get("Index Cond", "") for node in self.plan(query.select())
                )
                self.assertIn("res_id", conditions, (name, model))
