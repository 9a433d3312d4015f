import io
import json

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import JsonRpcException

from .. import ground
from ..common_rpc import call_as

# malformed values as sent by scanners and scripts; no route may answer with status 500
ODD_VALUES = (
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "1e9",
    "abc",
    "None",
    "null",
    "true",
    "[]",
    "{}",
    "[1]",
    "1,2",
    "²",
    "٣",
    "１２",
    "2147483647",
    "2147483648",
    "9223372036854775808",
    "9" * 400,
    "'",
    '"',
    "';--",
    "id desc, (select 1)",
    "create_date desc",
    "../../etc/passwd",
    "//evil.example",
    "javascript:alert(1)",
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    "%s%n",
    "\x00",
    "a\x00b",
    "\r\nBcc: x@example.com",
    "\u202eexe.txt",
    "é",
    "专员",
    "😀",
    "0001-01-01",
    "9999-12-31",
    "99999-01-01",
    "x" * 5000,
)


class PortalPeople:
    """Two customers with their users, and documents of the first one. Has no tests itself.

    Alice belongs to the first customer, Carol is her colleague, Bob belongs to the second; Ivan is an internal user
    without any group of the helpdesk.
    """

    @classmethod
    def setUpPeople(cls):
        cls.env = cls.env(
            context=dict(
                cls.env.context, tracking_disable=True, no_reset_password=True, lang="en_US"
            )
        )
        # pages are shown in English, also in a database that only has Chinese
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.customer, cls.stranger, people = ground.get_readers(cls.env)
        cls.alice, cls.carol = people["alice"], people["carol"]
        cls.bob, cls.ivan = people["bob"], people["ivan"]

    @classmethod
    def setUpDocuments(cls):
        """A ticket, a contract and a purchase contract of the first company.

        Nobody follows them.
        """
        cls.stage_new = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_new")
        cls.stage_done = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        # its record is complete, so that only missing rights prevent closing
        cls.ticket = cls._new_ticket(
            cls.alice.partner_id,
            name="Alpha cannot post vouchers",
            category_id=cls.env.ref("jinyang_aftersales.helpdesk_ticket_category_other").id,
            department="Accounting",
            solution="Period opened",
        )
        cls.contract = cls._new_contract(cls.customer, name="Alpha yearly service", code="ALPHA-1")
        cls.line = cls.contract.contract_line_ids
        cls.modification = cls.contract.modification_ids
        cls.purchase = cls._new_contract(
            cls.customer, name="Alpha supplies us", code="ALPHA-P", contract_type="purchase"
        )
        cls.documents = cls.ticket, cls.contract, cls.line, cls.modification
        for document in (*cls.documents, cls.purchase):
            if "message_follower_ids" in document._fields:
                document.message_unsubscribe(document.message_partner_ids.ids)

    @classmethod
    def _new_ticket(cls, partner, **values):
        return cls.env["helpdesk.ticket"].create(
            {
                "name": "Ticket",
                "description": "Described",
                "partner_id": partner.id,
                "stage_id": cls.stage_new.id,
                **values,
            }
        )

    @classmethod
    def _new_contract(cls, partner, **values):
        line = {
            "name": "Secret price",
            "quantity": 1,
            "price_unit": 1234.5,
            "date_start": "2026-01-01",
            "recurring_next_date": "2026-01-01",
        }
        return cls.env["contract.contract"].create(
            {
                "name": "Contract",
                "partner_id": partner.id,
                "line_recurrence": True,
                "contract_line_ids": [(0, 0, line)],
                **values,
            }
        )

    def let_bob_follow(self):
        """Make the stranger a follower of everything of the first company."""
        for document in (self.ticket, self.contract, self.purchase):
            document.message_subscribe(partner_ids=self.bob.partner_id.ids)

    def snapshot(self):
        """Return data that must be the same after a refused request.

        The date of the last write is set back first, because all writes of one transaction have the same one.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        records = [*self.documents, self.purchase, self.stage_new, self.stage_done]
        for record in records:
            self.env.cr.execute(f"UPDATE {record._table} SET write_date = '2020-01-01'")
        return self._state(records)

    def assertUntouched(self, before):
        """Check that nothing was written, posted or created since the snapshot."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._state([record for record, _date in before["dates"]]), before)

    def _state(self, records):
        counted = ("helpdesk.ticket", "contract.contract", "contract.line", "contract.modification")
        return {
            "dates": [(record, record.write_date) for record in records],
            "stage": self.ticket.stage_id,
            "messages": self.env["mail.message"].search_count([("model", "in", counted)]),
            "attachments": self.env["ir.attachment"].search_count([("res_model", "in", counted)]),
            "counts": [
                self.env[model].with_context(active_test=False).search_count([])
                for model in counted
            ],
        }


class PortalBrowser(PortalPeople):
    """A browser that signs in as one of the people and sends forms. For classes of HttpCase."""

    # login of the present visitor; pairs of login and method that were called by HTTP
    visitor = None
    asked = frozenset()

    def sign_in(self, login):
        """Sign in; None is a public visitor."""
        self.visitor = login
        self.authenticate(login, login)

    def ask(self, model, method, *args, also=(), **kwargs):
        """Call a method of a model as the visitor: by HTTP the first time, later in this process as the route does it.

        :param also: classes of exceptions that count as a refusal, beside those that Odoo shows to users
        :return: the answer as text, None when it was refused
        """
        try:
            if (self.visitor, method) in self.asked:
                user = self.env["res.users"].search([("login", "=", self.visitor)])
                answer = call_as(user, model, method, *args, **kwargs)
            else:
                self.asked |= {(self.visitor, method)}
                answer = self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{model}/{method}",
                    {"model": model, "method": method, "args": args, "kwargs": kwargs},
                )
        except (UserError, *also):
            return None
        except JsonRpcException as error:
            names = ["AccessError|UserError|MissingError|ValidationError"]
            names += [refusal.__name__ for refusal in also]
            self.assertRegex(str(error), "|".join(names), (model, method))
            return None
        return json.dumps(answer, ensure_ascii=False)

    def token(self, time_limit=None):
        """Return the token of a form of the session.

        :param int time_limit: validity in seconds, negative for an expired token
        """
        return Request.csrf_token(self, time_limit)

    def get(self, url, **params):
        """Open a page without following redirections."""
        return self.url_open(url, params=params or None, allow_redirects=False)

    def post(self, url, files=None, **data):
        """Send a form with its token, without following redirections."""
        return self.url_open(
            url, data={"csrf_token": self.token(), **data}, files=files, allow_redirects=False
        )

    def upload(self, name, content):
        """Return one file as the HTTP client takes it."""
        return ("attachment", (name, io.BytesIO(content)))
