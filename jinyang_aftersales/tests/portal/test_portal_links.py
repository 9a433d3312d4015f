"""M33: a link in a mail is for a person and a document, and ends with both."""

from contextlib import suppress
from datetime import timedelta
from urllib.parse import parse_qs, urlparse

from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from ..offer.test_portal_offer import drawing
from .portal_examples import PortalExamples


@tagged("post_install", "-at_install")
class TestPortalLinks(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        cls.links = cls.env["aftersales.portal.link"]
        cls.person = cls.alice.partner_id
        cls.documents = [
            document for document in cls.alpha.values() if "access_token" in document._fields
        ]
        cls.secrets = {
            document: document._get_link_secret(cls.person) for document in cls.documents
        }
        cls.visit = cls.alpha["aftersales.visit"]
        cls.visit._write_unlocked(
            {"state": "on_site", "arrived_on": Datetime.now(), "result": "done"}
        )
        cls.offer = cls.alpha["contract.contract"]

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.http"))
        self.sign_in(None)

    def link(self, document):
        return self.links.search(
            [
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("partner_id", "=", self.person.id),
            ]
        )

    def ways(self, document, secret=None):
        """:return: which ways into the document a link opens"""
        self.env.flush_all()
        secret = secret or self.secrets[document]
        opened = set()
        if self.get(document.access_url, access_token=secret).status_code == 200:
            opened.add("page")
        view = self.get("/mail/view", model=document._name, res_id=document.id, access_token=secret)
        if f"{document.access_url}?" in view.headers.get("Location", ""):
            opened.add("mail")
        if document._name == "contract.contract":
            paper = self.get(document.access_url, access_token=secret, report_type="html")
            if paper.status_code == 200:
                opened.add("paper")
        if "message_ids" not in document._fields:
            return opened
        thread = {"thread_model": document._name, "thread_id": document.id}
        signature = {"pid": self.person.id, "hash": document._sign_token(self.person.id)}
        for way, keys in (("token", {"token": secret}), ("hash", signature)):
            with suppress(JsonRpcException):
                self.make_jsonrpc_request(
                    "/mail/message/post",
                    {**thread, **keys, "post_data": {"body": "x", "message_type": "comment"}},
                )
                opened.add(way)
        return opened

    def assertEnded(self, why):
        for document in self.documents:
            self.assertFalse(self.ways(document), (why, document))

    # === Ends with the person === #

    def test_m33_a_link_opens_its_document_in_every_way(self):
        for document in self.documents:
            ways = self.ways(document)
            self.assertLessEqual({"page", "mail"}, ways, document)
        self.assertLessEqual({"paper", "token", "hash"}, self.ways(self.offer))

    def test_m33_it_ends_when_its_person_is_archived(self):
        self.person.user_ids.active = False
        self.person.active = False
        self.assertEnded("archived")

    def test_m33_it_ends_when_its_person_leaves_the_owner(self):
        self.person.parent_id = self.stranger
        self.assertEnded("left")

    def test_m33_staff_withdraw_it_and_customers_do_not(self):
        links = self.links.search([("partner_id", "=", self.person.id)])
        with self.assertRaises(AccessError):
            links.with_user(self.alice).action_withdraw()
        manager = self.env["res.users"].create(
            {
                "name": "Boss",
                "login": "link_boss",
                "group_ids": [(4, self.env.ref("jinyang_aftersales.group_manager").id)],
            }
        )
        links.with_user(manager).action_withdraw()
        self.assertEnded("withdrawn")
        self.assertTrue(all(links.mapped("withdrawn_on")))
        # the next mail holds a new one
        self.assertNotEqual(self.visit._get_link_secret(self.person), self.secrets[self.visit])

    def test_m33_nobody_reads_or_writes_links(self):
        link = self.link(self.visit)
        admin = self.env.ref("base.user_admin")
        for call in (
            lambda row: row.read(["secret"]),
            lambda row: row.search([("secret", "=", "x")]),
            lambda row: row.write({"withdrawn_on": False}),
            lambda row: row.unlink(),
            lambda row: row.create(
                {"res_model": "x", "res_id": 1, "partner_id": 1, "secret": "known"}
            ),
        ):
            with self.assertRaises(AccessError):
                call(link.with_user(admin))
        with self.assertRaises(AccessError):
            link.sudo().write({"valid_until": False})

    # === Each person an own one === #

    def test_m33_each_person_gets_an_own_link(self):
        other = self.env["res.partner"].create(
            {"name": "Carl", "parent_id": self.customer.id, "email": "carl@example.com"}
        )
        self.visit._write_unlocked({"contact_id": other.id})
        message = self.visit.with_context(mail_notify_force_send=False).message_post(
            body="Told", partner_ids=(other | self.customer).ids, subtype_xmlid="mail.mt_comment"
        )
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        [mail] = mails.filtered(lambda row: other in row.recipient_ids)
        secret = self.visit._get_link_secret(other)
        self.assertIn(secret, mail.body_html)
        self.assertNotIn(self.secrets[self.visit], "".join(mails.mapped("body_html")))
        for row in mails - mail:
            self.assertNotIn(secret, row.body_html)

    def test_m33_a_message_by_the_link_is_its_persons(self):
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": self.visit._name,
                "thread_id": self.visit.id,
                "token": self.secrets[self.visit],
                "post_data": {"body": "by link", "message_type": "comment"},
            },
        )
        self.env.invalidate_all()
        message = self.visit.message_ids.filtered(lambda row: "by link" in row.body)
        self.assertEqual(message.author_id, self.person)

    def test_m33_the_mails_address_leads_to_the_page_with_the_persons_link(self):
        answer = self.get(
            "/mail/view",
            model=self.visit._name,
            res_id=self.visit.id,
            access_token=self.secrets[self.visit],
            pid=self.person.id,
            hash=self.visit._sign_token(self.person.id),
        )
        query = parse_qs(urlparse(answer.headers["Location"]).query)
        self.assertEqual(query["access_token"], [self.secrets[self.visit]])
        self.assertEqual(query["pid"], [str(self.person.id)])

    def test_a_link_that_opens_nothing_says_so(self):
        for document in self.documents:
            page = self.url_open(f"{document.access_url}?access_token=wrong")
            self.assertIn("This link opens nothing", page.text, document._name)
        number = self.visit.id
        for res_id, place in ((number, f"res_id={number}"), (999999, "res_id=999999")):
            page = self.url_open(
                f"/mail/view?model=aftersales.visit&res_id={res_id}&access_token=wrong"
            )
            self.assertIn("This link opens nothing", page.text)
            self.assertIn(f"{place}", page.text)
        # nobody came by a link
        page = self.url_open(self.visit.access_url)
        self.assertIn("/web/login", page.url)

    # === Ends with the document === #

    def test_m33_it_ends_some_days_after_the_document(self):
        company = self.visit.company_id
        today = company._aftersales_today()
        self.visit._write_unlocked({"state": "done"})
        self.links._end_links(company, today)
        last = today + timedelta(days=company.aftersales_link_days)
        link = self.link(self.visit)
        self.assertEqual(link.valid_until, last)
        # a later run does not move the day
        self.links._end_links(company, today + timedelta(days=5))
        self.assertEqual(link.valid_until, last)
        self.assertIn("page", self.ways(self.visit))
        link._write_unlocked({"valid_until": today - timedelta(days=1)})
        self.assertFalse(self.ways(self.visit))
        # a document that goes on again is opened again
        self.visit._write_unlocked({"state": "on_site"})
        self.links._end_links(company, today)
        self.assertIn("page", self.ways(self.visit))

    def test_m33_a_link_to_what_has_ended_is_made_with_its_last_day(self):
        self.visit._write_unlocked({"state": "done"})
        self.visit._get_link_secret(self.customer)
        [link] = self.links.search(
            [("res_model", "=", self.visit._name), ("partner_id", "=", self.customer.id)]
        )
        self.assertTrue(link.valid_until)

    # === Links of before === #

    def test_m33_links_of_before_show_for_thirty_days_and_sign_nothing(self):
        company = self.visit.company_id
        self.visit.access_token = "of-before"
        self.offer.access_token = "of-before-2"
        self.visit._write_unlocked({"user_id": self.env.user.id})
        today = company._aftersales_today()
        company._write_unlocked({"aftersales_duties_since": today - timedelta(days=30)})
        self.env.flush_all()
        page = self.get(self.visit.access_url, access_token="of-before")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("/sign", page.text)
        self.assertNotIn("#discussion", page.text, "nor is there a link to a message")
        self.assertIn(
            "#discussion",
            self.get(self.visit.access_url, access_token=self.secrets[self.visit]).text,
        )
        self.post(
            f"{self.visit.access_url}/sign",
            access_token="of-before",
            shown_hash=self.visit._get_shown_hash(),
            customer_signature=drawing(),
            signed_by_name="Li Na",
            score_attitude="5",
            score_skill="5",
            score_result="5",
        )
        self.post(
            f"{self.offer.access_url}/accept",
            access_token="of-before-2",
            shown_hash=self.offer._get_shown_hash(),
            name="Li Na",
            signature=drawing(),
        )
        self.env.invalidate_all()
        self.assertFalse(self.visit.signature_hash)
        self.assertFalse(self.offer.accepted_on)
        # nor does it lead to the link of a person
        view = self.get(
            "/mail/view",
            model=self.visit._name,
            res_id=self.visit.id,
            access_token="of-before",
        )
        self.assertNotIn(self.secrets[self.visit], view.headers["Location"])
        company._write_unlocked({"aftersales_duties_since": today - timedelta(days=31)})
        self.env.flush_all()
        self.assertEqual(self.get(self.visit.access_url, access_token="of-before").status_code, 303)

    def test_m33_the_page_of_a_link_of_before_offers_a_new_one_to_the_contact(self):
        self.visit.access_token = "of-before"
        self.visit.contact_id.email = "lina@customer.example"
        company = self.visit.company_id
        company._write_unlocked({"aftersales_duties_since": company._aftersales_today()})
        self.env.flush_all()
        self.assertIn(
            "/my/link/new", self.get(self.visit.access_url, access_token="of-before").text
        )
        page = self.get(self.visit.access_url, access_token=self.secrets[self.visit])
        self.assertNotIn("/my/link/new", page.text)

        def ask(secret="of-before"):
            before = self.env["mail.mail"].search([])
            answer = self.post(
                "/my/link/new",
                access_token=secret,
                res_model=self.visit._name,
                res_id=self.visit.id,
            )
            self.assertEqual(answer.status_code, 200)
            self.env.invalidate_all()
            return self.env["mail.mail"].search([]) - before

        self.assertFalse(ask("wrong"))
        mails = ask().filtered(lambda row: self.visit.contact_id in row.recipient_ids)
        self.assertIn(
            self.visit._get_link_secret(self.visit.contact_id), "".join(mails.mapped("body_html"))
        )
        self.assertFalse(ask(), "once in a quarter of an hour")
        self.visit.message_ids.filtered(
            lambda row: row.message_type == "auto_comment"
        ).message_type = "comment"
        self.visit.contact_id.parent_id = self.stranger
        self.env.flush_all()
        self.assertFalse(ask(), "to nobody who has left")
