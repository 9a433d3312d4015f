from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, JsonRpcException, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..portal.common_portal import PortalBrowser, PortalPeople

MODELS = ("helpdesk.ticket", "contract.contract", "contract.line", "contract.modification")


@tagged("post_install", "-at_install")
class TestLeaksRpc(PortalBrowser, HttpCase):
    """V2, V15, F37: access of customers by RPC and in the chatter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpPeople()
        cls.setUpDocuments()
        own_contract = cls._new_contract(cls.stranger, name="Beta yearly service", code="BETA-1")
        cls.own = {
            "helpdesk.ticket": cls._new_ticket(cls.bob.partner_id, name="Beta asks"),
            "contract.contract": own_contract,
            "contract.line": own_contract.contract_line_ids,
            "contract.modification": own_contract.modification_ids,
        }

    def rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def assertRefused(self, route, params):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException) as caught:
            self.make_jsonrpc_request(route, params)
        self.assertIn("AccessError", str(caught.exception), params)

    def found_ids(self, model):
        """Return for each way of searching the ids the signed-in user finds."""
        return {
            "search_read": {
                row["id"] for row in self.rpc(model, "search_read", [], ["display_name"])
            },
            "search": set(self.rpc(model, "search", [])),
            "web_search_read": {
                row["id"]
                for row in self.rpc(model, "web_search_read", [], {"display_name": {}})["records"]
            },
            "name_search": {row[0] for row in self.rpc(model, "name_search", "", limit=1000)},
            "formatted_read_group": {
                row["id"][0]
                for row in self.rpc(model, "formatted_read_group", [], ["id"], ["__count"])
            },
        }

    def assertFinds(self, model, ids):
        for way, found in self.found_ids(model).items():
            self.assertEqual(found, set(ids), (model, way))
        self.assertEqual(self.rpc(model, "search_count", []), len(ids))

    # --- reading ---

    def test_stranger_finds_only_the_documents_of_the_own_company_even_as_a_follower(self):
        self.sign_in("bob")
        for follow in (False, True):
            if follow:
                self.let_bob_follow()
            for model in MODELS:
                self.assertFinds(model, self.own[model].ids)

    def test_colleague_finds_the_documents_of_the_company_without_following(self):
        self.sign_in("carol")
        for document in self.documents:
            self.assertFinds(document._name, document.ids)

    def test_supplier_contracts_are_found_by_no_customer(self):
        for user in (self.alice, self.bob):
            self.purchase.message_subscribe(partner_ids=user.partner_id.ids)
            for records in (
                self.purchase,
                self.purchase.contract_line_ids,
                self.purchase.modification_ids,
            ):
                self.assertTrue(records)
                self.assertFalse(records.with_user(user).search([("id", "in", records.ids)]))

    def test_agreement_is_the_customers_to_see_once_it_is_sent(self):
        self.contract.is_service_agreement = True
        for stage in ("draft", "sent", "signed", "lost"):
            self.contract._enter(stage, lost_reason="price")
            self.env.flush_all()
            for records in (self.contract, self.line, self.modification):
                found = records.with_user(self.alice).search([("id", "in", records.ids)])
                self.assertEqual(bool(found), stage != "draft", (stage, records))

    def test_stranger_reaches_no_document_by_its_id(self):
        self.sign_in("bob")
        for follow in (False, True):
            if follow:
                self.let_bob_follow()
            before = self.snapshot()
            for document in self.documents:
                values = (
                    {"name": "Taken"} if "name" in document._fields else {"description": "Taken"}
                )
                for method, args in (
                    ("read", (["display_name"],)),
                    ("web_read", ({"display_name": {}},)),
                    ("export_data", (["id", "display_name"],)),
                    ("copy", ()),
                    ("write", (values,)),
                    ("web_save", (values, {"display_name": {}})),
                    ("unlink", ()),
                ):
                    self.assertRefusedCall(document, method, *args)
            for thread in (self.ticket, self.contract):
                self.assertRefusedCall(thread, "message_post", body="Taken")
                self.rpc(
                    thread._name,
                    "message_subscribe",
                    thread.ids,
                    partner_ids=self.bob.partner_id.ids,
                )
                self.assertEqual(self.bob.partner_id in thread.message_partner_ids, follow)
                self.assertRefusedCall(thread, "get_portal_url")
            self.assertUntouched(before)

    def assertRefusedCall(self, record, method, *args, **kwargs):
        params = {
            "model": record._name,
            "method": method,
            "args": [record.ids, *args],
            "kwargs": kwargs,
        }
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException, msg=params) as caught:
            self.make_jsonrpc_request(f"/web/dataset/call_kw/{record._name}/{method}", params)
        self.assertRegex(str(caught.exception), "AccessError|UserError", params)

    def test_colleague_changes_nothing_by_rpc(self):
        self.sign_in("carol")
        before = self.snapshot()
        for document in self.documents:
            values = {"name": "Taken"} if "name" in document._fields else {"description": "Taken"}
            self.assertRefusedCall(document, "write", values)
            self.assertRefusedCall(document, "unlink")
            self.assertRefusedCall(document, "copy")
        self.assertUntouched(before)

    def test_colleague_reads_the_contract_with_its_currency(self):
        self.contract.journal_id = self.env["account.journal"].create(
            {"name": "Services", "code": "SRV", "type": "sale"}
        )
        self.sign_in("carol")
        [row] = self.rpc("contract.contract", "read", self.contract.ids, ["name", "currency_id"])
        self.assertEqual(row["currency_id"][0], self.env.company.currency_id.id)
        [row] = self.rpc(
            "contract.line", "read", self.line.ids, ["name", "price_unit", "price_subtotal"]
        )
        self.assertEqual(row["price_unit"], 1234.5)

    # --- chatter ---

    def talk(self):
        """Post a message of staff to all followers of the ticket and the contract.

        Return the messages.
        """
        self.let_bob_follow()
        return [
            thread.message_post(
                body="Alpha's password is needed",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.bob.partner_id.ids,
            )
            for thread in (self.ticket, self.contract)
        ]

    def test_follower_of_another_company_reads_no_message(self):
        messages = self.talk()
        self.sign_in("bob")
        for message in messages:
            thread = {"thread_model": message.model, "thread_id": message.res_id}
            for route in ("/mail/thread/messages", "/mail/chatter_fetch"):
                self.assertFalse(self.make_jsonrpc_request(route, thread)["messages"], route)
            self.assertRefusedCall(message, "read", ["body"])
        domain = [("model", "in", MODELS)]
        self.assertEqual(
            self.rpc("mail.message", "search_count", domain + [("res_id", "in", self.ticket.ids)]),
            0,
        )
        ids = self.rpc("mail.message", "search", domain)
        self.assertFalse(set(ids) & {message.id for message in messages})

    def test_follower_of_another_company_writes_no_message(self):
        [message, _other] = self.talk()
        own = self.own["helpdesk.ticket"].message_post(
            body="Own",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.bob.partner_id.id,
        )
        self.sign_in("bob")
        before = self.snapshot()
        post_data = {"body": "Taken", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        for thread in (self.ticket, self.contract):
            params = {"thread_model": thread._name, "thread_id": thread.id, "post_data": post_data}
            with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request("/mail/message/post", params)
            for parent in (False, message.id, own.id):
                values = {
                    "model": thread._name,
                    "res_id": thread.id,
                    "body": "Taken",
                    "message_type": "comment",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                    "parent_id": parent,
                }
                self.assertRefused(
                    "/web/dataset/call_kw/mail.message/create",
                    {"model": "mail.message", "method": "create", "args": [values], "kwargs": {}},
                )
        self.assertUntouched(before)

    def test_colleagues_read_and_write_the_messages(self):
        for message in self.talk():
            for user in (self.alice, self.carol):
                self.sign_in(user.login)
                document = self.env[message.model].browse(message.res_id)
                thread = {"thread_model": message.model, "thread_id": message.res_id}
                fetched = self.make_jsonrpc_request("/mail/chatter_fetch", thread)["messages"]
                self.assertIn(message.id, fetched)
                post_data = {
                    "body": "Thanks",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                }
                # messages about contracts need the token of their page
                thread["token"] = document._portal_ensure_token()
                self.make_jsonrpc_request("/mail/message/post", {**thread, "post_data": post_data})
                self.assertEqual(document.message_ids[0].author_id, user.partner_id)

    def test_link_of_a_document_opens_its_messages_and_odd_secrets_do_not(self):
        [message, _other] = self.talk()
        token = self.ticket._portal_ensure_token()
        thread = {"thread_model": "helpdesk.ticket", "thread_id": self.ticket.id}
        self.sign_in(None)
        fetched = self.make_jsonrpc_request("/mail/chatter_fetch", {**thread, "token": token})
        self.assertIn(message.id, fetched["messages"])
        for secret in (
            {"token": "é"},
            {"hash": "é", "pid": 1},
            {"hash": "x", "pid": "abc"},
            {"token": 5},
        ):
            answer = self.make_jsonrpc_request("/portal/chatter_init", {**thread, **secret})
            self.assertNotIn("mail.thread", answer)

    # --- stages ---

    def test_public_reads_stages_and_changes_none(self):
        stage = self.stage_done.with_user(self.env.ref("base.public_user"))
        self.assertEqual(stage.name, self.stage_done.name)
        with self.assertRaises(AccessError):
            stage.write({"name": "Taken"})
        self.sign_in("bob")
        self.assertRefusedCall(self.stage_done, "write", {"close_from_portal": False})


@tagged("post_install", "-at_install")
class TestLeaksLeaveOthersAtWork(PortalPeople, TransactionCase):
    """The record rules of customers do not restrict internal users and give public users no access."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpPeople()
        cls.setUpDocuments()
        cls.hana = new_test_user(
            cls.env, "hana", groups="helpdesk_mgmt.group_helpdesk_user,base.group_partner_manager"
        )
        cls.anna = new_test_user(cls.env, "anna", groups="account.group_account_manager")

    def test_rules_of_customers_look_tickets_up_by_an_index(self):
        self.env.cr.execute(
            "SELECT 1 FROM pg_indexes WHERE tablename = 'helpdesk_ticket' AND indexdef LIKE %s",
            ["%(commercial_partner_id)%"],
        )
        self.assertTrue(self.env.cr.fetchone())

    def test_public_gets_no_document_even_with_a_right_to_read(self):
        public = self.env.ref("base.public_user")
        self.env["ir.model.access"].create(
            [
                {
                    "name": model,
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": self.env.ref("base.group_public").id,
                    "perm_read": True,
                }
                for model in MODELS
            ]
        )
        self._new_ticket(public.partner_id)
        self._new_contract(public.partner_id)
        for model in MODELS:
            self.assertFalse(self.env[model].with_user(public).search([]), model)

    def test_helpdesk_user_creates_edits_and_closes_tickets(self):
        with Form(self.env["helpdesk.ticket"].with_user(self.hana)) as form:
            form.name = "By phone"
            form.description = "Called"
            form.partner_id = self.customer
        ticket = form.record
        ticket.message_post(body="Noted")
        with Form(ticket) as form:
            form.priority = "3"
        ticket.write(
            {
                "partner_id": self.alice.partner_id.id,
                "department": "Accounting",
                "category_id": self.ticket.category_id.id,
                "solution": "Told how",
            }
        )
        ticket.stage_id = self.stage_done.with_user(self.hana)
        self.assertTrue(ticket.closed)
        self.assertIn(self.ticket, self.env["helpdesk.ticket"].with_user(self.hana).search([]))

    def test_helpdesk_user_finds_partners_and_opens_their_form(self):
        partners = self.env["res.partner"].with_user(self.hana)
        self.assertIn(self.customer.id, [row[0] for row in partners.name_search("Alpha Trading")])
        arch = etree.fromstring(partners.get_views([(False, "form")])["views"]["form"]["arch"])
        fields = arch.xpath("//field[not(ancestor::field)]/@name")
        [row] = partners.browse(self.customer.id).web_read({name: {} for name in fields})
        self.assertEqual(row["name"], "Alpha Trading")
        with Form(partners.browse(self.customer.id)) as form:
            form.name = "Alpha Trading Ltd"
        self.assertEqual(self.customer.name, "Alpha Trading Ltd")

    def test_accountant_keeps_working_with_contracts_of_both_kinds(self):
        contracts = self.env["contract.contract"].with_user(self.anna)
        self.assertIn(self.contract, contracts.search([]))
        self.assertIn(self.purchase, contracts.search([]))
        contract = contracts.browse(self.contract.id)
        contract.write(
            {
                "contract_line_ids": [(1, self.line.id, {"price_unit": 5})],
                "modification_ids": [(0, 0, {"date": "2026-02-01", "description": "Cheaper"})],
            }
        )
        self.assertEqual(self.line.price_unit, 5)
        self.assertTrue(contract.copy({"name": "Second"}).contract_line_ids)
        contract.message_post(body="Noted")
