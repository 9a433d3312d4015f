"""V2, V7, V15, F37: every model of the portal by RPC, chatter and file, for its customer and for others."""

import contextlib
import json

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .portal_examples import ALPHA, BETA, PARTS, SHARED, STAFF, PortalExamples


@tagged("post_install", "-at_install")
class TestPortalMatrixRpc(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.http"))
        self.set_still()

    def rpc(self, model, method, *args, **kwargs):
        """Call a method; return the answer as text, None when it was refused."""
        return self.ask(model, method, *args, **kwargs)

    def text_fields(self, model):
        """Names of the text fields that ``fields_get`` returns for the signed-in user."""
        described = json.loads(self.rpc(model, "fields_get"))
        return [name for name, row in described.items() if row["type"] in ("char", "text", "html")]

    def searches(self, model):
        """Ways to search documents, each as the text of the answer."""
        names = self.text_fields(model)
        yield self.rpc(model, "search_read", [], names)
        yield self.rpc(model, "web_search_read", [], {name: {} for name in names})
        yield self.rpc(model, "name_search", "", limit=1000)
        if self.env[model]._rec_name:
            yield self.rpc(model, "name_search", ALPHA, limit=1000)
            yield self.rpc(
                model, "search_read", [["display_name", "ilike", "MARK"]], ["display_name"]
            )
        yield self.rpc(model, "formatted_read_group", [], ["id"], ["__count"])

    def reads(self, document):
        """Ways to read one document."""
        model, ids = document._name, document.ids
        yield self.rpc(model, "read", ids)
        yield self.rpc(model, "web_read", ids, {"display_name": {}})
        yield self.rpc(model, "export_data", ids, ["id", "display_name"])

    def changes(self, document):
        """Ways to change one document."""
        model, ids = document._name, document.ids
        values = {"name": "Taken"} if "name" in document._fields else {"display_name": "Taken"}
        yield self.rpc(model, "write", ids, values)
        yield self.rpc(model, "web_save", ids, values, {"display_name": {}})
        yield self.rpc(model, "copy", ids)
        yield self.rpc(model, "unlink", ids)
        yield self.rpc(model, "create", [values])

    def test_strangers_find_read_and_change_nothing(self):
        self.sign_in("bob")
        for document in self.alpha.values():
            if "message_ids" in document._fields:
                document.message_subscribe(partner_ids=self.bob.partner_id.ids)
        self.set_still()
        for name, document in self.alpha.items():
            for text in self.searches(name):
                self.assertNotIn(ALPHA, text or "", name)
                self.assertNotIn(STAFF, text or "", name)
                self.assertNotIn(f'"id": {document.id},', text or "", name)
            for text in (*self.reads(document), *self.changes(document)):
                self.assertIsNone(text, name)
            if "message_ids" in document._fields:
                self.assertIsNone(self.rpc(name, "message_post", document.ids, body="Mine"), name)
            self.assertStill(name)

    def test_customers_read_their_documents_without_what_is_ours_and_change_none(self):
        self.sign_in("alice")
        for name, document in self.alpha.items():
            texts = [*self.searches(name), *self.reads(document)]
            # one at a time, because one field without a right to read refuses the whole call
            texts += [
                self.rpc(name, "read", document.ids, [field]) for field in self.text_fields(name)
            ]
            self.assertTrue(any(ALPHA in (text or "") for text in texts), name)
            for text in texts:
                self.assertNotIn(STAFF, text or "", name)
                self.assertNotIn(BETA, text or "", name)
            for text in self.changes(document):
                self.assertIsNone(text, name)
            self.assertStill(name)

    def test_shared_models_are_read_only(self):
        self.sign_in("alice")
        for name in set(self.reachable) & SHARED:
            record = self.env[name].search([], limit=1)
            if record:
                for text in self.changes(record):
                    self.assertIsNone(text, name)

    # === Chatter === #

    def messages(self, document, **params):
        try:
            answer = self.make_jsonrpc_request(
                "/mail/thread/messages",
                {"thread_model": document._name, "thread_id": document.id, **params},
            )
        except JsonRpcException:
            return ""
        return json.dumps(answer, ensure_ascii=False)

    def threads(self, documents):
        return [row for name, row in documents.items() if "message_ids" in row._fields]

    def test_messages_are_for_the_customer_and_notes_for_us(self):
        for login in (None, "bob", "ivan", "alice"):
            self.sign_in(login)
            for document in self.threads(self.alpha):
                text = self.messages(document)
                self.assertNotIn(STAFF, text, (login, document))
                if login != "alice":
                    self.assertNotIn(ALPHA, text, (login, document))

    def test_strangers_write_no_message_and_reach_no_file(self):
        for login in (None, "bob"):
            self.sign_in(login)
            self.set_still()
            for document in self.threads(self.alpha):
                for token in (None, "", "é", "wrong"):
                    with contextlib.suppress(JsonRpcException):
                        self.make_jsonrpc_request(
                            "/mail/message/post",
                            {
                                "thread_model": document._name,
                                "thread_id": document.id,
                                "post_data": {"body": "Mine"},
                                "token": token,
                            },
                        )
                    self.assertStill(login, document, token)
                for file in self.env["ir.attachment"].search(
                    [("res_model", "=", document._name), ("res_id", "=", document.id)]
                ):
                    self.assertUnreachable(file, login)

    def test_files_of_notes_are_not_for_the_customer(self):
        self.sign_in("alice")
        for document in self.threads(self.alpha):
            notes = document.message_ids.filtered(lambda row: STAFF in row.body)
            self.assertTrue(notes.attachment_ids)
            for file in notes.attachment_ids:
                self.assertUnreachable(file, "alice")

    def assertUnreachable(self, file, *told):
        for url in (
            f"/web/content/{file.id}",
            f"/web/content/{file.id}?access_token=x",
            f"/web/content/{file.id}?access_token=%C3%A9",
            f"/web/image/{file.id}",
            f"/web/content/ir.attachment/{file.id}/raw",
        ):
            answer = self.url_open(url, allow_redirects=False)
            self.assertLess(answer.status_code, 500, (url, *told))
            self.assertNotRegex(answer.text, f"{ALPHA} file|{STAFF} file", (url, *told))

    def test_fields_with_files_open_for_the_customer_alone(self):
        for login in (None, "bob"):
            self.sign_in(login)
            for name, document in self.alpha.items():
                if name in PARTS:
                    continue
                for field in document._fields.values():
                    if field.type in ("binary", "image") and field.store:
                        url = f"/web/content/{name}/{document.id}/{field.name}"
                        answer = self.url_open(url, allow_redirects=False)
                        self.assertIn(answer.status_code, (303, 403, 404), url)
