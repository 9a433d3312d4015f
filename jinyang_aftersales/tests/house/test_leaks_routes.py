from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..portal.common_portal import ODD_VALUES, PortalBrowser

STRANGERS = (None, "bob", "ivan")
COLLEAGUES = ("alice", "carol")


@tagged("post_install", "-at_install")
class TestLeaksRoutes(PortalBrowser, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpPeople()
        cls.setUpDocuments()
        cls.pages = {
            f"/my/ticket/{cls.ticket.id}": "Alpha cannot post vouchers",
            f"/my/contracts/{cls.contract.id}": "Secret price",
        }

    def close(self, ticket=None, stage=None, **data):
        ids = {"ticket_id": (ticket or self.ticket).id, "stage_id": (stage or self.stage_done).id}
        return self.post("/ticket/close", **{**ids, **data})

    # --- V1, F37, F38: pages ---

    def test_strangers_see_no_page_of_a_customer(self):
        self.let_bob_follow()
        before = self.snapshot()
        for login in STRANGERS:
            self.sign_in(login)
            for url, secret in self.pages.items():
                for answer in (self.get(url), self.get(url, access_token="wrong"), self.post(url)):
                    self.assertEqual(answer.status_code, 303, (login, url))
                    closed = not login and "access_token" in answer.url
                    place = "/my/link/closed" if closed else "/my"
                    self.assertURLEqual(answer.headers["Location"], place)
                    self.assertNotIn(secret, answer.text)
        self.assertUntouched(before)

    def test_strangers_find_no_document_of_a_customer_in_their_lists(self):
        self.let_bob_follow()
        for login in STRANGERS[1:]:
            self.sign_in(login)
            for url in ("/my/tickets", "/my/contracts", "/my"):
                answer = self.url_open(url)
                self.assertEqual(answer.status_code, 200)
                self.assertNotIn("Alpha", answer.text, (login, url))
        self.sign_in(None)
        for url in ("/my/tickets", "/my/contracts"):
            self.assertIn("/web/login", self.get(url).headers["Location"])

    def test_colleagues_see_contracts_and_tickets_of_their_company_without_following(self):
        # portal users may not read the journal
        self.contract.journal_id = self.env["account.journal"].create(
            {
                "name": "Services",
                "code": "SRV",
                "type": "sale",
                "currency_id": self.env.company.currency_id.id,
            }
        )
        for login in COLLEAGUES:
            self.sign_in(login)
            for url, secret in self.pages.items():
                answer = self.get(url)
                self.assertEqual(answer.status_code, 200, (login, url))
                self.assertIn(secret, answer.text)
            self.assertIn("Alpha yearly service", self.get("/my/contracts").text)
            self.assertIn("Alpha cannot post vouchers", self.get("/my/tickets").text)

    def test_customers_see_no_supplier_contract(self):
        self.purchase.message_subscribe(partner_ids=self.alice.partner_id.ids)
        self.sign_in("alice")
        self.assertEqual(self.get(f"/my/contracts/{self.purchase.id}").status_code, 303)
        self.assertNotIn("Alpha supplies us", self.get("/my/contracts").text)

    def test_who_moves_to_another_company_loses_sight_of_the_old_one(self):
        self.sign_in("carol")
        for url in self.pages:
            self.assertEqual(self.get(url).status_code, 200)
        self.carol.partner_id.parent_id = self.stranger
        self.env.flush_all()
        for url in self.pages:
            self.assertEqual(self.get(url).status_code, 303, url)

    def test_link_of_a_document_opens_it_and_no_other(self):
        other = self._new_ticket(self.bob.partner_id, name="Beta asks")
        token = other._portal_ensure_token()
        self.ticket._portal_ensure_token()
        self.sign_in(None)
        answer = self.get(f"/my/ticket/{other.id}", access_token=token)
        self.assertEqual(answer.status_code, 200)
        # a visitor with only the link cannot close the ticket
        self.assertNotIn("/ticket/close", answer.text)
        self.assertEqual(
            self.get(f"/my/ticket/{self.ticket.id}", access_token=token).status_code, 303
        )

    def test_odd_tokens_lead_away_without_an_error(self):
        for document in (self.ticket, self.contract):
            document._portal_ensure_token()
        for login in (None, "bob"):
            self.sign_in(login)
            for value in (*ODD_VALUES, "%C3%A9"):
                for url in self.pages:
                    answer = self.get(url, access_token=value, pid=value, hash=value)
                    self.assertEqual(answer.status_code, 303, (url, value))
        self.assertEqual(self.get(f"/my/ticket/{self.ticket.id}/%C3%A9").status_code, 303)
        for document in (self.ticket, self.contract):
            answer = self.get(
                "/mail/view", model=document._name, res_id=document.id, access_token="é"
            )
            self.assertLess(answer.status_code, 400)

    # --- V1, V14, F40: closing ---

    def test_colleagues_close_a_ticket_by_a_form_and_as_themselves(self):
        self.sign_in("carol")
        page = self.get(f"/my/ticket/{self.ticket.id}").text
        form = page[page.index("/ticket/close") - 300 :][:900]
        self.assertIn('method="POST"', form)
        self.assertIn('name="csrf_token"', form)
        answer = self.close()
        self.assertEqual(answer.status_code, 302)
        self.assertURLEqual(answer.headers["Location"], f"/my/ticket/{self.ticket.id}")
        self.assertEqual(self.ticket.stage_id, self.stage_done)
        self.assertEqual(self.ticket.write_uid, self.carol)

    def test_strangers_and_followers_close_no_ticket(self):
        self.let_bob_follow()
        self.ticket.message_subscribe(partner_ids=self.ivan.partner_id.ids)
        before = self.snapshot()
        for login, status in ((None, 303), ("bob", 404), ("ivan", 404)):
            self.sign_in(login)
            self.assertEqual(self.close().status_code, status, login)
        self.assertUntouched(before)

    def test_missing_and_foreign_tickets_answer_alike(self):
        self.sign_in("bob")
        foreign = self.close()
        missing = self.close(ticket_id=2**31 - 1)
        self.assertEqual(foreign.status_code, missing.status_code)
        self.assertEqual(foreign.text, missing.text)

    def test_changing_routes_take_no_get_and_no_form_without_token(self):
        self.sign_in("alice")
        before = self.snapshot()
        ids = {"ticket_id": self.ticket.id, "stage_id": self.stage_done.id}
        ticket = {"subject": "Forged", "description": "Forged"}
        expired = self.token(time_limit=-60)
        for url, data in (("/ticket/close", ids), ("/submitted/ticket", ticket)):
            self.assertEqual(self.get(url, **data).status_code, 405)
            for token in (None, "", "wrong", "é", "éo9999999999", expired):
                with mute_logger("odoo.http"):
                    answer = self.post(url, **{**data, "csrf_token": token})
                if url == "/ticket/close":
                    # M62: no page of Odoo, but the ticket again
                    self.assertURLEqual(
                        answer.headers["Location"], f"/my/ticket/{self.ticket.id}?signed_in=1"
                    )
                else:
                    self.assertEqual(answer.status_code, 400, (url, token))
        self.assertUntouched(before)
        page = self.get(f"/my/ticket/{self.ticket.id}", signed_in="1")
        self.assertIn("You have signed in again", page.text)

    def test_ticket_is_closed_only_by_stages_its_page_offers(self):
        waiting = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_awaiting")
        teams = self.env["helpdesk.ticket.team"].create([{"name": "Own"}, {"name": "Other"}])
        own, other = self.env["helpdesk.ticket.stage"].create(
            [
                {"name": team.name, "closed": True, "close_from_portal": True, "team_ids": team.ids}
                for team in teams
            ]
        )
        self.sign_in("alice")
        before = self.snapshot()
        for stage in (waiting, own, other):
            self.assertEqual(self.close(stage=stage).status_code, 302)
        self.assertUntouched(before)
        self.ticket.write({"team_id": teams[0].id, "stage_id": self.stage_new.id})
        before = self.snapshot()
        self.close(stage=other)
        self.assertUntouched(before)
        self.close(stage=own)
        self.assertEqual(self.ticket.stage_id, own)

    def test_closed_ticket_stays_as_it_is(self):
        self.ticket.stage_id = self.stage_done
        self.sign_in("alice")
        before = self.snapshot()
        self.close(stage=self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled"))
        self.assertUntouched(before)

    def test_refused_closing_is_told_on_the_page(self):
        self.sign_in("alice")
        before = self.snapshot()

        def refuse(records, vals):
            raise ValidationError(records.display_name)

        with patch.object(self.env.registry["helpdesk.ticket"], "write", refuse):
            answer = self.close()
        self.assertUntouched(before)
        self.assertIn("cannot be closed yet", self.url_open(answer.headers["Location"]).text)
        self.assertNotIn("cannot be closed yet", self.get(f"/my/ticket/{self.ticket.id}").text)

    # --- V17, F39: odd values ---

    def test_no_value_of_a_close_form_breaks_the_server_or_closes_anything(self):
        self.sign_in("alice")
        before = self.snapshot()
        for value in ODD_VALUES:
            self.assertEqual(self.close(ticket_id=value).status_code, 404, value)
            self.assertEqual(self.close(stage_id=value).status_code, 302, value)
        self.assertEqual(self.post("/ticket/close").status_code, 404)
        self.assertEqual(self.post("/ticket/close", team_id="abc").status_code, 404)
        self.assertUntouched(before)

    def test_no_parameter_of_the_lists_breaks_the_server(self):
        # the list would create this token when it is shown: create it before the snapshot
        self.contract._portal_ensure_token()
        self.sign_in("alice")
        before = self.snapshot()
        names = (
            "page",
            "date_begin",
            "date_end",
            "sortby",
            "filterby",
            "search",
            "search_in",
            "groupby",
            "x",
        )
        for value in ODD_VALUES:
            every = dict.fromkeys(names, value)
            for url in ("/my/tickets", "/my/contracts", "/new/ticket"):
                self.assertEqual(self.get(url, **every).status_code, 200, (url, value))
        for name in names:
            for value in ("zzz", "²", "\x00", "9" * 20):
                answer = self.get(
                    "/my/tickets",
                    **{"date_begin": "2026-01-01", "date_end": "2026-12-31", name: value},
                )
                self.assertEqual(answer.status_code, 200, (name, value))
        for url in ("/my/tickets/page/99999999999999999999", "/my/contracts/page/0"):
            self.assertEqual(self.get(url).status_code, 200)
        for url in (
            "/my/ticket/99999999999999999999",
            "/my/contracts/99999999999999999999",
            "/my/ticket/0",
        ):
            self.assertEqual(self.get(url).status_code, 303, url)
        self.assertUntouched(before)

    def test_list_is_still_sorted_searched_and_grouped(self):
        self._new_ticket(self.alice.partner_id, name="Beside the point")
        self.sign_in("alice")
        for params in ({"search": "vouchers"}, {"search": "vouchers", "search_in": "name"}):
            page = self.get("/my/tickets", sortby="name", groupby="stage", **params).text
            self.assertIn("Alpha cannot post vouchers", page)
            self.assertNotIn("Beside the point", page)
        page = self.get("/my/tickets", filterby=str(self.stage_done.id)).text
        self.assertNotIn("Alpha cannot post vouchers", page)
        page = self.get("/my/tickets", date_begin="2000-01-01", date_end="2000-12-31").text
        self.assertNotIn("Alpha cannot post vouchers", page)
