"""V27 by RPC: the values each role gets of each record by the routes of the web client.

Methods are called in the same way as by their route, without a request for each of some ten thousand calls; other
routes are tested by requests.
"""

import json
from base64 import b64encode
from inspect import signature

from odoo.service.model import call_kw
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger
from odoo.tools.json import json_default

from . import leak_common
from .leak_common import SECRET
from .test_leaks import DECIDE, PERSONNEL, READERS

PDF = b"%PDF-1.4\n" + SECRET.encode()
TALK = "Ks3-TALK"
# modules whose actions are tried: those of the penalties, and of what every employee has of the core
OWN_CODE = ("jinyang_aftersales_penalty", "jinyang_aftersales.models.regulation")


@tagged("post_install", "-at_install")
class TestRpcLeaks(leak_common.LeakCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, record in cls.records.items():
            if record._name in PERSONNEL and READERS[name] & DECIDE:
                record.with_user(cls.director).message_post(body=f"{TALK} {name}!")
        proof = cls.records["objected"].sudo()
        proof._write_unlocked({"scan": b64encode(PDF), "scan_name": "proof.pdf"})
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        # refusals are also logged
        self.enterContext(mute_logger("odoo.http", "odoo.sql_db"))

    # === Calling === #

    def each_role(self):
        """Sign in as one role after the other; the public visitor does not sign in."""
        for role, user in self.roles.items():
            password = None if role == "public" else user.login.ljust(8, "x")
            self.authenticate(None if role == "public" else user.login, password)
            self.user = user
            yield role

    def post(self, route, **params):
        """:return: the answer of a route, None when it refuses"""
        try:
            return self.make_jsonrpc_request(route, params, timeout=60)
        except JsonRpcException:
            return None

    def call(self, model, method, *args, **kwargs):
        """:return: the result of a method, None when it is refused"""
        kwargs["context"] = {
            "allowed_company_ids": self.user.company_ids.ids,
            **kwargs.get("context", {}),
        }
        # a request begins with an empty cache
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                model = self.env(user=self.user, su=False)[model]
                return json.loads(
                    json.dumps(call_kw(model, method, args, kwargs), default=json_default)
                )
        except Exception:  # noqa: BLE001 - any error is a refusal
            return None

    def of_model(self, model):
        return {name: record for name, record in self.records.items() if record._name == model}

    def models(self):
        return dict.fromkeys(record._name for record in self.records.values())

    def tokens(self, role):
        """Texts a role must never get: numbers of records it may not read, and messages about them.

        :rtype: dict
        """
        known = {
            record.name
            for name, record in self.records.items()
            if role in READERS[name] and record._name in PERSONNEL
        }
        # payslips show the number of their penalties
        if role in READERS["deduction"]:
            known.add(self.records["deducted"].name)
        tokens = {}
        for name, record in self.records.items():
            if record._name in PERSONNEL and record.name not in known:
                tokens[record.name] = name
            # authors of suggestions may read the messages about them
            own = record._name == "aftersales.suggestion"
            if role not in (READERS[name] if own else READERS[name] & DECIDE):
                tokens[f"{TALK} {name}!"] = name
        if not any(role in READERS[name] for name in READERS if SECRET in self.texts(name)):
            tokens[SECRET] = "any"
        return tokens

    def texts(self, name):
        """:return: the stored texts of a record"""
        record = self.records[name].sudo()
        fields = (field for field in record._fields.values() if field.type in ("char", "text"))
        return "\n".join(record[field.name] or "" for field in fields if field.store)

    def leaks(self, role, answer):
        """:return: the records with texts in an answer that the role must not get"""
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return [name for token, name in self.tokens(role).items() if token in text]

    # === Finding === #

    def test_each_role_finds_its_records_and_no_others(self):
        wrong = []
        for role in self.each_role():
            for model in self.models():
                ours = {record.id: name for name, record in self.of_model(model).items()}
                wanted = {name for name in ours.values() if role in READERS[name]}
                for way, answer in self.find(model):
                    ids = {self.get_id(row) for row in answer or ()}
                    found = {ours[number] for number in ids & ours.keys()}
                    if found != wanted or self.leaks(role, answer):
                        wrong.append((role, model, way, found ^ wanted, self.leaks(role, answer)))
        self.assertFalse(wrong)

    def find(self, model):
        """:return: pairs of the name of a way to find records and its answer"""
        numbers = sorted(record.id for record in self.of_model(model).values())
        domain = [["id", "in", numbers]]
        pages = self.call(model, "web_search_read", domain, {"display_name": {}}) or {}
        groups = self.call(model, "web_read_group", domain, ["id"], ["__count"]) or {}
        return (
            ("search", self.call(model, "search", domain)),
            ("search_read", self.call(model, "search_read", domain, ["display_name"])),
            ("web_search_read", pages.get("records")),
            ("name_search", self.call(model, "name_search", "", domain, limit=None)),
            ("groups", self.call(model, "formatted_read_group", domain, ["id"], ["__count"])),
            ("web groups", groups.get("groups")),
        )

    @staticmethod
    def get_id(row):
        """:return: the id in a row of an answer, in any of its formats"""
        if isinstance(row, dict):
            row = row["id"]
        return row[0] if isinstance(row, list) else row

    def test_sums_count_what_a_role_reads(self):
        wrong = []
        for role in self.each_role():
            for model in self.models():
                records = self.of_model(model)
                readable = [row for name, row in records.items() if role in READERS[name]]
                domain = [["id", "in", [record.id for record in records.values()]]]
                for field in self.summed(model):
                    [group] = self.call(
                        model, "formatted_read_group", domain, [], [f"{field}:sum"]
                    ) or [{}]
                    wanted = sum(record.sudo()[field] for record in readable)
                    if round((group.get(f"{field}:sum") or 0) - wanted, 2):
                        wrong.append((role, model, field, group, wanted))
        self.assertFalse(wrong)

    def summed(self, model):
        return [
            field.name
            for field in self.env[model]._fields.values()
            if field.store and field.aggregator == "sum" and field.type in ("float", "monetary")
        ]

    def test_domains_and_orders_through_relations_tell_nothing(self):
        """Users who may not read a case cannot guess its values by searching readable models."""
        wrong = []
        slip = self.slip.id
        for role in self.each_role():
            for model, term, ids, readers in (
                ("hr.payslip", "deduction_ids.penalty_id.amount", slip, set()),
                ("hr.payslip", "deduction_ids.penalty_id.evidence_copy", slip, set()),
                ("hr.payslip", "deduction_ids.amount", slip, {"payroll_manager"}),
                ("hr.payslip", "line_ids.amount", slip, {"payroll_manager"}),
                ("hr.payslip.line", "slip_id.deduction_ids.penalty_id.note", None, set()),
                ("aftersales.penalty.deduction", "penalty_id.amount", None, DECIDE | {"concerned"}),
                ("aftersales.fund", "move_ids.penalty_id.amount", None, DECIDE),
                ("mail.activity", "res_name", None, None),
                ("ir.attachment", "index_content", None, None),
            ):
                domain = [[term, "!=", False]] + ([["id", "=", ids]] if ids else [])
                for order in (None, term):
                    rows = self.call(model, "search_read", domain, ["display_name"], order=order)
                    if readers is not None and rows and role not in readers:
                        wrong.append((role, model, term, order))
                    wrong += [(role, model, term, leak) for leak in self.leaks(role, rows)]
        self.assertFalse(wrong)

    # === Knowing the number === #

    def test_who_knows_the_id_gets_nothing_by_it(self):
        wrong = []
        for role in self.each_role():
            for name, record in self.records.items():
                if role in READERS[name]:
                    continue
                for way, answer in self.ask(record):
                    if answer not in (None, [], {}):
                        wrong.append((role, name, way, answer))
        self.assertFalse(wrong)

    def ask(self, record):
        """:return: pairs of the name of a way to read a record by its id and its answer"""
        model, ids = record._name, record.ids
        # the fields the user may read, because a field of another group would refuse the whole call
        theirs = record.with_user(self.user)
        names = sorted(
            name
            for name, field in record._fields.items()
            if name != "id" and theirs._has_field_access(field, "read")
        )
        stored = [name for name in names if record._fields[name].store]
        spec = {name: {} for name in names}
        for way, arguments in (
            ("read", [["id"]]),
            ("read", [["display_name"]]),
            ("read", [stored]),
            ("read", [names]),
            ("web_read", [spec]),
            ("export_data", [names]),
            ("onchange", [{}, [], spec]),
            ("copy", []),
        ):
            yield way, self.call(model, way, ids, *arguments)
        if "message_ids" in record._fields:
            yield "message_post", self.call(model, "message_post", ids, body="x")

    def test_no_action_is_open_to_who_may_not_read_the_record(self):
        wrong = []
        for role in self.each_role():
            for name, record in self.records.items():
                if role in READERS[name]:
                    continue
                before = self.texts(name)
                for method, arguments in self.actions(record):
                    if self.call(record._name, method, record.ids, *arguments) is not None:
                        wrong.append((role, name, method))
                self.env.invalidate_all()
                if self.texts(name) != before:
                    wrong.append((role, name, "changed"))
        self.assertFalse(wrong)

    @staticmethod
    def actions(record):
        """:return: the addon's own actions of a record, with values for their arguments"""
        names = {
            name
            for cls in type(record).mro()
            if any(place in cls.__module__ for place in OWN_CODE)
            for name in vars(cls)
            if name.startswith("action_")
        }
        for name in sorted(names):
            asked = signature(getattr(record, name)).parameters.values()
            asked = [row for row in asked if row.default is row.empty]
            yield name, ["2026-11-22" if "date" in row.name else "x" for row in asked]

    def test_wizards_tell_nothing_of_what_they_are_opened_on(self):
        wrong = []
        wizards = {
            "aftersales.penalty.object": ("penalty_id", {"text": "x"}),
            "aftersales.penalty.decide": ("penalty_ids", {"decision": "waive", "reason": "x"}),
            "aftersales.sanction.decide": ("sanction_id", {"decision": "decide", "reason": "x"}),
            "aftersales.suggestion.answer": ("suggestion_id", {"answer": "x"}),
            "aftersales.fund.spend": ("fund_id", {"amount": 1, "purpose": "x", "receipt": "eA=="}),
        }
        for role in self.each_role():
            for model, (link, vals) in wizards.items():
                field = self.env[model]._fields[link]
                for name, record in self.of_model(field.comodel_name).items():
                    if role in READERS[name]:
                        continue
                    many = field.type == "many2many"
                    vals = {**vals, link: [[6, 0, record.ids]] if many else record.id}
                    answer = self.try_wizard(model, link, vals)
                    if self.leaks(role, answer):
                        wrong.append((role, model, name, answer))
        self.assertFalse(wrong)

    def try_wizard(self, model, link, vals):
        """:return: all answers of a wizard"""
        spec = {name: {} for name in (*vals, "display_name")}
        spec[link] = {"fields": {"display_name": {}}}
        answers = [self.call(model, "onchange", [], vals, [link], spec)]
        number = vals[link] if isinstance(vals[link], int) else vals[link][0][2][0]
        for context in (
            {"active_id": number, "active_ids": [number]},
            {f"default_{link}": vals[link]},
        ):
            answers.append(self.call(model, "onchange", [], {}, [], spec, context=context))
        for ids in (self.call(model, "create", [vals]), self.call(model, "web_save", [], vals, {})):
            if not ids:
                continue
            ids = [self.get_id(row) for row in ids]
            answers += [
                self.call(model, "read", ids, list(vals)),
                self.call(model, "web_read", ids, spec),
                self.call(model, "export_data", ids, [f"{link}/display_name", f"{link}/name"]),
            ]
        return answers

    # === Talk, mails, files and paper === #

    def test_talk_and_tracking_are_for_who_decides(self):
        wrong = []
        for role in self.each_role():
            for model, fields in (
                ("mail.message", ["body", "subject", "record_name", "preview"]),
                ("mail.notification", ["display_name", "mail_message_id"]),
                ("mail.mail", ["body_html", "subject"]),
                ("mail.tracking.value", ["old_value_char", "new_value_char", "new_value_text"]),
                ("mail.followers", ["res_model", "display_name"]),
                ("mail.activity", ["note", "summary", "res_name"]),
                ("mail.scheduled.message", ["body"]),
                ("ir.attachment", ["name", "index_content", "res_name"]),
                ("bus.bus", ["message"]),
            ):
                rows = self.call(model, "search_read", [], fields)
                wrong += [(role, model, leak) for leak in self.leaks(role, rows)]
            found = self.call("mail.message", "search_read", [["body", "ilike", TALK]], ["body"])
            wrong += [(role, "found", leak) for leak in self.leaks(role, found)]
            for name, record in self.records.items():
                if record._name not in PERSONNEL or role in READERS[name] & DECIDE:
                    continue
                thread = {"thread_model": record._name, "thread_id": record.id}
                answer = self.post("/mail/thread/messages", **thread)
                wrong += [(role, name, "messages", leak) for leak in self.leaks(role, answer)]
                wanted = ["activities", "attachments", "followers", "suggestedRecipients"]
                answer = self.post(
                    "/mail/data",
                    fetch_params=[["mail.thread", {**thread, "request_list": wanted}]],
                )
                wrong += [(role, name, "data", leak) for leak in self.leaks(role, answer)]
        self.assertFalse(wrong)

    def test_files_go_with_their_documents(self):
        files = self.env["ir.attachment"].sudo()
        wrong = []
        for role in self.each_role():
            for name, record in self.records.items():
                # files in fields are attachments, too
                attached = files.search(
                    [
                        ("res_model", "=", record._name),
                        ("res_id", "=", record.id),
                        ("res_field", "in", (False, "scan")),
                    ]
                )
                pages = [f"/web/content/{number}" for number in attached.ids]
                if "scan" in record._fields:
                    pages.append(f"/web/content/{record._name}/{record.id}/scan")
                for page in pages:
                    got = SECRET in self.url_open(page).text
                    wanted = role in READERS[name] and (attached or "scan" not in page)
                    if got and not wanted:
                        wrong.append((role, name, page))
        self.assertFalse(wrong)
        self.authenticate(self.manager.login, self.manager.login)
        proof = self.records["objected"]
        page = self.url_open(f"/web/content/{proof._name}/{proof.id}/scan")
        self.assertIn(SECRET, page.text)

    def test_paper_is_printed_by_who_reads_it(self):
        reports = self.env["ir.actions.report"].search([("model", "in", list(self.models()))])
        papers = {
            (report.report_name, name): record
            for report in reports
            for name, record in self.of_model(report.model).items()
        }
        papers["payroll.report_payslip", "payslip line"] = self.slip
        self.assertGreater(len(papers), 3)
        printed, wrong = set(), []
        for role in self.each_role():
            for (report, name), record in papers.items():
                page = self.url_open(f"/report/html/{report}/{record.id}")
                # public visitors are redirected to the sign-in
                got = page.status_code == 200 and "/report/html/" in page.url
                if got and role not in READERS[name]:
                    wrong.append((role, report, name))
                if got:
                    printed.add((role, report))
                    wrong += [(role, report, leak) for leak in self.leaks(role, page.text)]
        self.assertFalse(wrong)
        self.assertIn(("payroll_manager", "payroll.report_payslip"), printed)
        self.assertIn(("manager", "jinyang_aftersales_penalty.report_fund_statement"), printed)
        self.assertIn(("concerned", "jinyang_aftersales_penalty.report_sanction"), printed)
