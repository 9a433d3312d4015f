"""M61: what strangers put into an address leads nobody elsewhere, and what customers send along changes no method."""

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ...activities import NEWS_ACTIVITY
from ...tools.requests import find_wrong_parameters
from .portal_examples import PortalExamples

ELSEWHERE = (
    "https://elsewhere.example",
    "//elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example",
    "/\n/elsewhere.example",
    " https://elsewhere.example",
    "java\nscript:alert('elsewhere.example')",
    "java\tscript:alert('elsewhere.example')",
    "data:text/html,elsewhere.example",
    "elsewhere.example",
)


@tagged("post_install", "-at_install")
class TestPortalElsewhere(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        cls.person = cls.alice.partner_id

    def setUp(self):
        super().setUp()
        self.sign_in("alice")

    def test_m61_no_parameter_leads_to_another_server_or_runs_a_script(self):
        for address in ELSEWHERE:
            for name, path in (("redirect", "/my/account"), ("callback", "/my/address")):
                page = self.get(path, **{name: address})
                self.assertEqual(page.status_code, 200, (path, address))
                self.assertNotIn("elsewhere.example", page.text, (path, address))
        page = self.get("/my/account", redirect="/my/tickets?page=2")
        self.assertIn('href="/my/tickets?page=2"', page.text)

    def test_m61_the_form_of_addresses_goes_on_to_pages_of_ours_only(self):
        china, hubei = self.env.ref("base.cn"), self.env.ref("base.state_cn_HB")
        for address in (*ELSEWHERE, "/my/tickets"):
            answer = self.url_open(
                "/my/address/submit",
                data={
                    "partner_id": str(self.person.id),
                    "name": self.person.name,
                    "email": "alice@customer.example",
                    "phone": "027-1",
                    "street": "珞瑜路 1 号",
                    "city": "武汉",
                    "zip": "430000",
                    "country_id": str(china.id),
                    "state_id": str(hubei.id),
                    "callback": address,
                    "csrf_token": Request.csrf_token(self),
                },
            ).json()
            expected = address if address == "/my/tickets" else "/my/addresses"
            self.assertEqual(answer.get("redirectUrl"), expected, (address, answer))

    def test_m61_data_is_asked_for_as_pages_do_or_not_at_all(self):
        thread = {"thread_model": "helpdesk.ticket", "thread_id": 1, "request_list": ["messages"]}
        for asked in (
            [None],
            [1],
            [[]],
            [[None, {}]],
            {"a": 1},
            [["mail.thread"]],
            [["mail.thread", {}]],
            [["mail.thread", {**thread, "thread_model": "no.model"}]],
            [["mail.thread", {**thread, "thread_id": "x"}]],
            [["mail.thread", {**thread, "request_list": 1}]],
            [["mail.thread", {**thread, "access_params": ["a"]}]],
        ):
            self.assertTrue(find_wrong_parameters({"fetch_params": asked}, self.env), asked)
        for asked in (["init_messaging"], [["mail.thread", thread]], [["x", None, 3]], [], None):
            self.assertFalse(find_wrong_parameters({"fetch_params": asked}, self.env), asked)

    def test_m61_what_customers_send_as_context_changes_no_method(self):
        visit = self.alpha["aftersales.visit"]
        visit._write_unlocked({"state": "done"})
        before = visit.activity_ids
        odd = {
            "aftersales_incoming_mail": {"a": 1},
            "aftersales_automatic": True,
            "aftersales_incoming": True,
            "aftersales_left_out": 1,
            "aftersales_outside_told": 1,
        }
        answer = self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": visit._name,
                "thread_id": visit.id,
                "post_data": {"body": "It is broken again", "message_type": "comment"},
                "context": odd,
            },
        )
        self.assertTrue(answer["message_id"])
        self.env.invalidate_all()
        tasks = visit.activity_ids - before
        news = self.env.ref(NEWS_ACTIVITY)
        self.assertEqual(tasks.activity_type_id, news, "our people are told of it")
