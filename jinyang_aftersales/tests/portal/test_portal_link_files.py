"""M33: files on a page follow the link of the page; links of before show, and let nobody write."""

import io
import re
from contextlib import suppress
from datetime import timedelta

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .portal_examples import PortalExamples

PDF = b"%PDF-1.4\n%%EOF\n"


class PortalFiles(PortalExamples):
    """A visit with a file of its form and a file of a message, and the link of Alice. For classes of HttpCase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        cls.person = cls.alice.partner_id
        cls.visit = cls.alpha["aftersales.visit"]
        cls.links = cls.env["aftersales.portal.link"]
        cls.secret = cls.visit._get_link_secret(cls.person)
        files = cls.env["ir.attachment"]
        cls.filed = files.with_user(cls.alice).sudo().create(cls.file("filed.pdf"))
        cls.message = cls.visit.message_post(
            body="See the file", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        cls.sent = files.create(cls.file("sent.pdf"))
        cls.message.attachment_ids = cls.sent
        cls.company = cls.visit.company_id
        cls.visit.access_token = "of-before"
        cls.env.flush_all()

    @classmethod
    def file(cls, name):
        return {"name": name, "raw": PDF, "res_model": cls.visit._name, "res_id": cls.visit.id}

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.http"))
        self.sign_in(None)

    def use_old_link(self, days=0):
        day = self.company._aftersales_today() - timedelta(days=days)
        self.company._write_unlocked({"aftersales_duties_since": day})
        self.env.flush_all()

    def addresses(self, secret):
        """:return: the addresses of the two files on a page that the secret opens"""
        page = self.get(self.visit.access_url, access_token=secret).text
        [filed] = re.findall(rf'"(/web/content/{self.filed.id}\?[^"]*)"', page)
        fetched = self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {"thread_model": self.visit._name, "thread_id": self.visit.id, "token": secret},
        )
        tokens = [
            file["raw_access_token"]
            for message in fetched["data"]["mail.message"]
            for file in message["attachment_ids"]
            if file["id"] == self.sent.id
        ]
        sent = f"/web/content/{self.sent.id}?access_token={tokens[0]}"
        return [filed.replace("&amp;", "&"), sent]

    def opened(self, addresses):
        self.env.flush_all()
        return [self.url_open(url, allow_redirects=False).content == PDF for url in addresses]


@tagged("post_install", "-at_install")
class TestFilesOfLinks(PortalFiles, HttpCase):
    def test_m33_a_file_of_a_page_is_opened_as_long_as_the_link_of_the_page(self):
        for end in (
            lambda: self.links.search([("partner_id", "=", self.person.id)])._write_unlocked(
                {"withdrawn_on": "2026-01-01"}
            ),
            lambda: self.person.write({"parent_id": self.stranger.id}),
            lambda: self.visit._write_unlocked({"state": "draft"}),
        ):
            addresses = self.addresses(self.visit._get_link_secret(self.person))
            self.assertEqual(self.opened(addresses), [True, True])
            self.env.flush_all()
            point = self.env.cr.savepoint()
            end()
            self.assertEqual(self.opened(addresses), [False, False])
            point.close(rollback=True)
            self.env.invalidate_all()

    def test_m33_the_address_of_a_file_is_good_for_that_file_and_not_for_the_page(self):
        filed, sent = self.addresses(self.secret)
        token = filed.rpartition("=")[2]
        self.assertNotIn(token, sent)
        self.assertNotIn(self.secret, filed + sent)
        self.assertEqual(
            self.opened([f"/web/content/{self.sent.id}?access_token={token}"]), [False]
        )
        page = self.get(self.visit.access_url, access_token=token)
        self.assertEqual(page.status_code, 303)

    def test_m33_tokens_of_odoo_open_no_file_of_a_document_for_customers(self):
        for file in (self.filed, self.sent):
            [forever] = file.generate_access_token()
            weeks = file._get_raw_access_token()
            urls = [f"/web/content/{file.id}?access_token={token}" for token in (weeks, forever)]
            # what a mail holds, e.g. a picture in its text, it goes on to show
            self.assertEqual(self.opened(urls), [False, file == self.sent])
            self.sign_in("bob")
            self.assertEqual(self.opened(urls[:1]), [False])
            self.sign_in(None)
            # files of other records stay as they are
            other = file.copy({"res_model": "res.partner", "res_id": self.person.id})
            url = f"/web/content/{other.id}?access_token={other._get_raw_access_token()}"
            self.assertEqual(self.opened([url]), [True])

    def test_m33_who_signs_in_opens_files_as_long_as_they_may_read_the_document(self):
        urls = [
            f"/web/content/{file.id}?access_token={file._get_raw_access_token()}"
            for file in (self.filed, self.sent)
        ]
        for login, right in (("alice", True), ("bob", False)):
            self.sign_in(login)
            self.assertEqual(self.opened(urls), [right, right], login)
        self.sign_in("alice")
        # files that no page shows, e.g. of notes of our own people, have no address there
        self.assertEqual(self.opened([f"/web/content/{self.sent.id}"]), [False])
        self.person.parent_id = self.stranger
        self.assertEqual(self.opened(urls), [False, False])

    def test_m63_no_token_opens_a_blocked_file_for_customers(self):
        self.sent.aftersales_blocked = True
        addresses = self.addresses(self.secret)
        self.assertEqual(self.opened(addresses), [True, False])
        # Odoo's own token of a file that belongs to no document
        self.sent.write({"res_model": "res.partner", "res_id": self.person.id})
        url = f"/web/content/{self.sent.id}?access_token={self.sent._get_raw_access_token()}"
        self.assertEqual(self.opened([url]), [False])


@tagged("post_install", "-at_install")
class TestLinksOfBefore(PortalFiles, HttpCase):
    def ask(self, route, **params):
        """:return: whether a route of messages took what was sent"""
        with suppress(JsonRpcException):
            return bool(self.make_jsonrpc_request(route, params))
        return False

    def attempts(self, token):
        """Ways to write on the document with the secret of a link, and whether each was taken."""
        thread = {"thread_model": self.visit._name, "thread_id": self.visit.id, "token": token}
        upload = self.post(
            "/mail/attachment/upload",
            files={"ufile": ("a.pdf", io.BytesIO(PDF))},
            is_pending="true",
            **thread,
        )
        about = {"message_id": self.message.id, "token": token}
        return {
            "post": self.ask("/mail/message/post", **thread, post_data={"body": "x"}),
            "upload": upload.status_code == 200 and "data" in upload.json(),
            "react": self.ask("/mail/message/reaction", **about, content="👍", action="add"),
            "edit": self.ask(
                "/mail/message/update_content", **about, update_data={"body": "changed"}
            ),
            "delete": self.ask(
                "/mail/attachment/delete",
                attachment_id=self.sent.id,
                access_token=self.sent._get_ownership_token(),
            ),
        }

    def test_m33_links_of_before_write_nothing(self):
        self.use_old_link()
        before = self.visit.message_ids
        self.assertFalse(any(self.attempts("of-before").values()), self.attempts("of-before"))
        self.env.invalidate_all()
        self.assertEqual(self.visit.message_ids, before)
        self.assertTrue(self.sent.exists())
        self.assertIn("See the file", self.message.body)
        page = self.get(self.visit.access_url, access_token="of-before").text
        self.assertIn('data-allow_composer="0"', page)

    def test_m33_links_of_persons_write(self):
        self.use_old_link()
        taken = self.attempts(self.secret)
        self.assertTrue(taken["post"] and taken["upload"])
        self.assertFalse(taken["edit"] or taken["delete"])
        page = self.get(self.visit.access_url, access_token=self.secret).text
        self.assertIn('data-allow_composer="1"', page)

    def test_m33_files_of_links_of_before_end_with_them(self):
        self.use_old_link(days=30)
        addresses = self.addresses("of-before")
        self.assertEqual(self.opened(addresses), [True, True])
        self.use_old_link(days=31)
        self.assertEqual(self.opened(addresses), [False, False])
