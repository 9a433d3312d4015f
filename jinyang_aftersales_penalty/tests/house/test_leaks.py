from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import leak_common
from .leak_common import SECRET

DECIDE = {"manager", "director"}
EMPLOYED = {
    "concerned", "plain", "other", "manager", "director", "callback", "archivist", "developer",
    "payroll_user", "payroll_manager", "hr",
}  # fmt: skip
# readers of each record; other roles must not find, count, sum, export or name it
READERS = {
    "deducted": {"concerned"} | DECIDE,
    "objected": {"concerned"} | DECIDE,
    "proposed": DECIDE,
    "manager's": {"director"},
    "deduction": {"concerned", "payroll_manager"} | DECIDE,
    "fund": DECIDE,
    "fund move": DECIDE,
    "fund month": DECIDE,
    "sanction proposed": DECIDE,
    "sanction decided": {"concerned"} | DECIDE,
    "sanction handed": {"concerned", "hr"} | DECIDE,
    "regulation draft": DECIDE,
    "regulation": EMPLOYED,
    "acknowledgement": {"concerned"} | DECIDE,
    "suggestion draft": {"concerned"},
    "suggestion submitted": {"concerned"} | DECIDE,
    "payslip line": {"payroll_manager"},
    "payslip input": {"payroll_manager"},
    # rules are open to all employees (总纲: 公开)
    "shared rule": EMPLOYED | {"elsewhere"},
    "rule": EMPLOYED,
    "former terms": EMPLOYED,
    "exception": DECIDE,
    "manager's exception": {"director"},
    "delay": DECIDE,
    "reminder": DECIDE,
}
# roles that may write the given field; fields frozen by the state are refused to all roles
WRITERS = {
    "deducted": ("note", set()),
    "objected": ("note", set()),
    "proposed": ("note", DECIDE),
    "manager's": ("note", {"director"}),
    "deduction": ("amount", set()),
    "fund": ("department_id", set()),
    "fund move": ("purpose", set()),
    "fund month": ("spent", set()),
    "sanction proposed": ("evidence_name", DECIDE),
    "sanction decided": ("evidence_name", set()),
    "sanction handed": ("evidence_name", set()),
    "regulation draft": ("changes", {"director"}),
    "regulation": ("changes", set()),
    "acknowledgement": ("acknowledged_on", set()),
    "suggestion draft": ("subject", {"concerned"}),
    "suggestion submitted": ("subject", set()),
    "payslip line": ("amount", set()),
    "payslip input": ("amount", set()),
    # it holds for other companies, too, to which none of the users has access
    "shared rule": ("amount", set()),
    "rule": ("amount", DECIDE),
    "former terms": ("amount", set()),
    "exception": ("reason", DECIDE),
    "manager's exception": ("reason", {"director"}),
    "delay": ("reason", set()),
    "reminder": ("kind", set()),
}
VALUES = {"amount": 1.0, "spent": 1.0, "department_id": False, "acknowledged_on": "2026-01-01"}
UNLINKERS = {
    "proposed": DECIDE,
    "manager's": {"director"},
    "sanction proposed": DECIDE,
    "regulation draft": {"director"},
    "suggestion draft": {"concerned"},
}
# documents whose messages only deciding users may read
PERSONNEL = ("aftersales.penalty", "aftersales.sanction", "aftersales.suggestion")


@tagged("post_install", "-at_install")
class TestLeaks(leak_common.LeakCommon):
    """V7, V15, V27: every role tries to read, write and find all records about an employee."""

    def each(self):
        """Iterate over all roles and records: role, name of the record, the record with the role's rights."""
        for role in self.roles:
            for name, record in self.records.items():
                self.env.invalidate_all()
                yield role, name, self.as_role(role, record)

    def test_records_are_read_and_counted_by_who_may_read_them(self):
        """Other ways to find records, and all fields, are tested in ``test_rpc_leaks``."""
        wrong = []
        for role, name, record in self.each():
            domain = [("id", "=", record.id)]
            ways = {
                "search_count": lambda r=record, d=domain: r.search_count(d),
                "read": lambda r=record: r.read(["display_name"]),
                "has_access": lambda r=record: r.has_access("read"),
            }
            entitled = role in READERS[name]
            found = {way for way, look in ways.items() if self.look(look)}
            if found != (set(ways) if entitled else set()):
                wrong.append((role, name, entitled, found))
        self.assertFalse(wrong)

    def test_nothing_is_summed_or_grouped_for_others(self):
        wrong = []
        for name, record in self.records.items():
            # entitled roles get sums of all fields
            fields = [
                field for field in record._fields.values() if field.store and field.column_type
            ]
            self.assertTrue(self._sums(record.sudo(), fields), name)
        for role, name, record in self.each():
            if role in READERS[name]:
                continue
            fields = [
                field for field in record._fields.values() if field.store and field.column_type
            ]
            # group readable fields separately, because one refused field refuses the whole call
            open_fields = [field for field in fields if record._has_field_access(field, "read")]
            for group in (open_fields, *([field] for field in fields if field not in open_fields)):
                if self._sums(record, group):
                    wrong.append((role, name, [field.name for field in group]))
        self.assertFalse(wrong)

    def _sums(self, record, fields):
        """:return: whether grouping by fields, or summing them, returns values"""
        domain = [("id", "=", record.id)]
        groups = [
            f"{field.name}:month" if field.type in ("date", "datetime") else field.name
            for field in fields
        ]
        sums = [
            f"{field.name}:sum"
            for field in fields
            if field.type in ("float", "integer", "monetary")
        ]
        grouped = self.look(lambda: record.formatted_read_group(domain, groups, ["__count"]))
        summed = sums and self.look(lambda: record.formatted_read_group(domain, [], sums))
        values = [value for row in summed or [] for key, value in row.items() if key[0] != "_"]
        return bool(grouped) or any(values)

    def test_case_file_is_not_guessed_through_what_payroll_reads(self):
        deductions = self.as_role("payroll_manager", self.records["deduction"])
        slips = self.as_role("payroll_manager", self.slip)
        wrong = []
        for field in ("evidence_copy", "note", "evidence_name", "objection", "decision_reason"):
            ways = {
                "search": lambda f: deductions.search([(f"penalty_id.{f}", "ilike", SECRET)]),
                "search slips": lambda f: slips.search(
                    [(f"deduction_ids.penalty_id.{f}", "ilike", SECRET)]
                ),
                "group": lambda f: self._tells(
                    deductions.formatted_read_group([], [f"penalty_id.{f}"], ["__count"])
                ),
                "web_read": lambda f: self._tells(
                    deductions.web_read({"penalty_id": {"fields": {f: {}}}})
                ),
                "export": lambda f: self._tells(deductions.export_data([f"penalty_id/{f}"])),
                "order": lambda f: self._tells(deductions.search([], order=f"penalty_id.{f}")),
            }
            for way, look in ways.items():
                self.env.invalidate_all()
                if self.look(lambda look=look, f=field: look(f)):
                    wrong.append((field, way))
        self.assertFalse(wrong)
        self.assertTrue(deductions.read(["amount", "description"])[0]["amount"])

    def _tells(self, answer):
        return SECRET in str(answer)

    def test_only_entitled_roles_write_and_delete(self):
        wrong, tried = [], set()
        for role, name, record in self.each():
            field, writers = WRITERS[name]
            barred = not self.look(lambda r=record: r.has_access("write") or r.has_access("unlink"))
            if barred and (role, record._name) in tried:
                # write and deletion are tried only for one example, because the refusal does not depend on the record
                if role in writers or role in UNLINKERS.get(name, ()):
                    wrong.append((role, name, "has_access"))
                continue
            tried.add((role, record._name))
            value = VALUES.get(field, "changed")
            with mute_logger("odoo.sql_db"):
                wrote = self.attempt(
                    lambda r=record, f=field, v=value: self._undo(lambda: r.write({f: v}))
                )
                gone = self.attempt(lambda r=record: self._undo(r.unlink))
            if bool(wrote) != (role in writers):
                wrong.append((role, name, "write"))
            if bool(gone) != (role in UNLINKERS.get(name, ())):
                wrong.append((role, name, "unlink"))
        self.assertFalse(wrong)

    def _undo(self, function):
        """:return: True when the call succeeded; it is rolled back"""

        class UndoError(Exception):
            pass

        try:
            with self.cr.savepoint():
                function()
                raise UndoError
        except UndoError:
            return True

    def test_rows_of_the_product_are_made_by_no_role(self):
        penalty = self.records["proposed"]
        made = {
            "aftersales.penalty.deduction": {
                "penalty_id": penalty.id, "payslip_id": self.slip.id, "amount": 1,
            },
            "aftersales.fund.move": {
                "fund_id": self.records["fund"].id, "kind": "income", "amount": 1,
                "date": "2026-01-01",
            },
            "aftersales.regulation.acknowledgement": {
                "regulation_id": self.records["regulation"].id, "employee_id": self.worker.id,
                "acknowledged_on": "2026-01-01",
            },
        }  # fmt: skip
        case = {
            "employee_id": self.worker.id, "rule_id": penalty.rule_id.id,
            "company_id": self.company.id,
        }  # fmt: skip
        wrong = []
        for role in self.roles:
            tries = dict(made)
            if role not in DECIDE:
                tries["aftersales.penalty"] = case
                tries["aftersales.sanction"] = {**case, "kind": "warning", "reason": "x"}
            for model, vals in tries.items():
                rows = self.as_role(role, self.env[model])
                if self.attempt(lambda r=rows, v=vals: r.create(v)):
                    wrong.append((role, model))
        self.assertFalse(wrong)

    # === Chatter, activities, mail, files === #

    def test_nobody_follows_what_concerns_people(self):
        followers = self.env["mail.followers"]
        self.assertFalse(followers.search([("res_model", "in", PERSONNEL)]))
        # users cannot subscribe themselves either
        for role in ("manager", "director", "concerned"):
            record = self.as_role(role, self.records["objected"])
            partner = self.roles[role].partner_id
            self.attempt(lambda r=record, p=partner: r.message_subscribe(p.ids))
            self.attempt(
                lambda r=record, p=partner: r.write(
                    {"message_follower_ids": [Command.create({"partner_id": p.id})]}
                )
            )
            self.attempt(
                lambda r=record, p=partner: r.write({"message_partner_ids": [Command.link(p.id)]})
            )
        self.env.flush_all()
        self.assertFalse(followers.search([("res_model", "in", PERSONNEL)]))

    def test_what_is_talked_is_read_by_who_decides_and_not_by_the_person_concerned(self):
        wrong = []
        for role, name, record in self.each():
            if record._name not in ("aftersales.penalty", "aftersales.sanction"):
                continue
            entitled = role in READERS[name] & DECIDE
            messages = record.env["mail.message"]
            domain = [("model", "=", record._name), ("res_id", "=", record.id)]
            found = (self.attempt(lambda m=messages, d=domain: m.search(d)) or messages).sudo()
            partner = self.roles[role].partner_id
            # leave out messages the user wrote or was notified of
            theirs = found.filtered(
                lambda message, p=partner: message.author_id != p
                and p not in message.notified_partner_ids
            )
            secret = [message for message in theirs if SECRET in message.body]
            if bool(entitled and found or theirs) != entitled or (secret and not entitled):
                wrong.append((role, name, theirs.mapped("body")))
            posted = self.attempt(lambda r=record: self._undo(lambda: r.message_post(body="x")))
            if bool(posted) != entitled:
                wrong.append((role, name, "message_post"))
        self.assertFalse(wrong)

    def test_activities_are_seen_by_who_is_asked_and_who_decides(self):
        wrong = []
        for role, name, record in self.each():
            activities = record.env["mail.activity"]
            domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
            found = (self.attempt(lambda a=activities, d=domain: a.search(d)) or activities).sudo()
            foreign = found.filtered(lambda row, r=role: row.user_id != self.roles[r])
            deciding = READERS[name] & DECIDE
            if name.startswith(("suggestion", "regulation")):
                deciding = READERS[name]
            if foreign and role not in deciding:
                wrong.append((role, name))
            if SECRET in str(found.mapped("note")):
                wrong.append((role, name, "note"))
        self.assertFalse(wrong)

    def test_mails_go_to_who_is_concerned_or_decides_and_tell_nothing_of_the_case(self):
        rows = self.env["mail.notification"].search(
            [("mail_message_id.model", "in", ("aftersales.penalty", "aftersales.sanction"))]
        )
        self.assertTrue(rows)
        entitled = {self.roles[role] for role in ("concerned", "manager", "director", "hr")}
        # the administrator of the database is a director
        entitled |= set(self.company._aftersales_users("jinyang_aftersales.group_director"))
        self.assertLessEqual(set(rows.res_partner_id.user_ids), entitled)
        for message in rows.mail_message_id:
            self.assertNotIn(SECRET, f"{message.subject} {message.body}")

    def test_files_are_read_with_the_document_they_hang_on(self):
        wrong = []
        for role, name, record in self.each():
            files = record.env["ir.attachment"]
            domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
            found = self.attempt(lambda f=files, d=domain: f.search(d))
            hidden = files.sudo().search(domain).sudo(False)
            if role in READERS[name] or not hidden:
                continue
            read = self.attempt(lambda h=hidden: h.read(["name"]) or h.read(["raw"]))
            if found or read:
                wrong.append((role, name))
        self.assertFalse(wrong)

    def test_statement_of_the_fund_names_nobody(self):
        fund = self.as_role("manager", self.records["fund"])
        reports = fund.env["ir.actions.report"]
        name = "jinyang_aftersales_penalty.report_fund_statement"
        html = reports._render_qweb_html(name, fund.ids)[0].decode()
        self.assertIn("50.00", html)
        self.assertNotIn(self.worker.name, html)
        self.assertNotIn(self.records["deducted"].name, html)

    def test_people_are_not_a_way_to_their_cases(self):
        """No document, partner or employee has a relation to cases of an employee."""
        ways = {
            f"{field.model_name}.{field.name}"
            for model in self.env.registry.values()
            for field in model._fields.values()
            if field.comodel_name in (*PERSONNEL, "aftersales.penalty.deduction")
            and not model._transient
            and not field.model_name.startswith(("aftersales.penalty", "aftersales.sanction"))
        }
        # the ledger only shows amounts; the move's link is for managers
        self.assertEqual(ways, {"hr.payslip.deduction_ids", "aftersales.fund.move.penalty_id"})
        self.assertTrue(self.env["aftersales.fund.move"]._fields["penalty_id"].groups)

    def test_notifications_name_nobody_else(self):
        wrong = []
        for role, user in self.roles.items():
            if role in ("portal", "public"):
                continue
            rows = self.as_role(role, self.env["mail.notification"]).search(
                [("mail_message_id.model", "in", (*PERSONNEL, "aftersales.penalty.exception"))]
            )
            partner = user.partner_id
            for row in rows.sudo():
                if partner not in (row.res_partner_id, row.author_id):
                    wrong.append((role, row.mail_message_id.subject, row.res_partner_id.name))
        self.assertFalse(wrong)
