import base64
from dataclasses import asdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .facts import read_facts
from .kinds import KINDS
from .layout import Column, Line, Table
from .reading import find_tables, pack_cells, read_file, unpack_cells
from .run import CHANGED, NEW, REFUSED, SAME

# rows that are taken over in one transaction; files with more are worked on in the background
AT_ONCE = 5_000
BATCH = 1_000
FIRST_ROWS = 3


# the model has two further rooms: working.py and showing.py
class AftersalesTakeover(models.Model):
    """One import of a table from Excel: read, tried row by row, then taken over; kept as the record of what came in.

    ====================  ==================================================================
    Who                   May
    ====================  ==================================================================
    service manager       import, see what others imported in the company, delete what was
                          not taken over
    other roles           nothing
    ====================  ==================================================================
    """

    _name = "aftersales.takeover"
    _description = "Import from Excel"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _order = "id desc"
    _rec_name = "file_name"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    file = fields.Binary(string="Excel or CSV File", attachment=True)
    file_name = fields.Char()
    state = fields.Selection(
        selection=[
            ("draft", "Choose the File"),
            ("checking", "Being Checked"),
            ("checked", "Checked"),
            ("taking", "Being Taken Over"),
            ("done", "Taken Over"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    kind = fields.Selection(
        selection="_select_kinds",
        readonly=True,
        copy=False,
        help="Recognised by the titles of its columns.",
    )
    sheet = fields.Char(readonly=True, copy=False)
    sheet_ids = fields.One2many(
        comodel_name="aftersales.takeover.sheet",
        inverse_name="takeover_id",
        string="Sheets",
        readonly=True,
    )
    sheet_count = fields.Integer(compute="_compute_sheet_count")
    layout = fields.Json(readonly=True, copy=False)
    row_ids = fields.One2many(
        comodel_name="aftersales.takeover.row",
        inverse_name="takeover_id",
        string="Rows",
        readonly=True,
    )
    refused_ids = fields.One2many(
        comodel_name="aftersales.takeover.row",
        inverse_name="takeover_id",
        domain=[("result", "=", "refused")],
        string="Refused Rows",
        readonly=True,
    )
    summary = fields.Char(compute="_compute_summary")
    is_silent = fields.Boolean(compute="_compute_is_silent")
    count_all = fields.Integer(string="All Rows", readonly=True, copy=False)
    count_new = fields.Integer(string="New", readonly=True, copy=False)
    count_changed = fields.Integer(string="Changed", readonly=True, copy=False)
    count_same = fields.Integer(string="Unchanged", readonly=True, copy=False)
    count_refused = fields.Integer(string="Refused", readonly=True, copy=False)
    count_done = fields.Integer(string="Rows Worked On", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")
    taken_on = fields.Datetime(string="Taken Over On", readonly=True, copy=False)
    taken_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Taken Over By", readonly=True, copy=False
    )

    @api.model
    def _select_kinds(self):
        return [(kind.code, self.env._(kind.label)) for kind in KINDS.values()]

    @api.depends("count_new", "count_changed", "count_same", "count_refused")
    @api.depends_context("lang")
    def _compute_summary(self):
        for takeover in self:
            takeover.summary = self.env._(
                "%(new)s new, %(changed)s changed, %(same)s unchanged, %(refused)s refused",
                new=takeover.count_new,
                changed=takeover.count_changed,
                same=takeover.count_same,
                refused=takeover.count_refused,
            )

    def _compute_is_silent(self):
        for takeover in self:
            company = takeover.company_id
            takeover.is_silent = company._aftersales_is_silent(company._aftersales_today())

    @api.depends("sheet_ids")
    def _compute_sheet_count(self):
        for takeover in self:
            takeover.sheet_count = len(takeover.sheet_ids)

    @api.depends("count_all", "count_done")
    def _compute_progress(self):
        for takeover in self:
            takeover.progress = 100 * takeover.count_done / (takeover.count_all or 1)

    # === Guard === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env["aftersales.takeover.engine"]._check_rights()
        return super().create(vals_list)

    def write(self, vals):
        if "file" in vals and not self._get_unlocked_fields():
            for takeover in self:
                if takeover.state not in ("draft", "checked"):
                    raise UserError(
                        self.env._("%s is taken over. Begin a new import.", takeover.file_name)
                    )
            result = super().write(vals)
            self._begin_anew()
            return result
        return super().write(vals)

    def _check_locked_deletion(self):
        for takeover in self:
            if takeover.state in ("taking", "done"):
                raise UserError(
                    self.env._(
                        "%s was taken over: it is kept as the record of what came in.",
                        takeover.file_name,
                    )
                )
        return super()._check_locked_deletion()

    def _begin_anew(self):
        self.row_ids._unlink_unlocked()
        self.sheet_ids._unlink_unlocked()
        self._write_unlocked(
            {
                "state": "draft",
                "kind": False,
                "sheet": False,
                "layout": False,
                **dict.fromkeys(
                    (
                        "count_all",
                        "count_new",
                        "count_changed",
                        "count_same",
                        "count_refused",
                        "count_done",
                    ),
                    0,
                ),
            }
        )

    # === Reading === #

    def action_check(self):
        """Read the file and try every row, without writing anything of it.

        :raises AccessError: for users other than service managers
        :raises UserError: when the file cannot be read, or holds no table that is known
        """
        self.ensure_one()
        self._check_company_rights()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        if self.state not in ("draft", "checked"):
            raise UserError(self.env._("%s is taken over. Begin a new import.", self.file_name))
        self._read(self.sheet)
        if self.count_all > AT_ONCE:
            self._write_unlocked({"state": "checking", "count_done": 0})
            self._start_background()
        else:
            self._try(self.row_ids, dry=True)
            self._write_unlocked({"state": "checked", "count_done": self.count_all})
        return False

    def _check_company_rights(self):
        self.env["aftersales.takeover.engine"]._check_rights()
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This import is one of another company."))

    def _read(self, sheet=False):
        """Read the file into rows.

        :param sheet: name of the sheet that is wanted; the first one with a table where it is empty
        """
        engine = self.env["aftersales.takeover.engine"].with_company(self.company_id)
        people, products = engine._get_people(), engine._get_products()
        sheets = read_file(self.env, base64.b64decode(self.file))
        tables = find_tables(sheets, people, products)
        if not tables:
            raise UserError(
                self.env._(
                    "No column of a known table was found. The file needs a row with titles, 客户名称 among them."
                    " Download a template below to see what it may look like."
                )
            )
        table = next((one for one in tables if one.sheet.name == sheet), tables[0])
        if not table.lines:
            raise UserError(self.env._("The table has titles, and no rows besides examples."))
        self._begin_anew()
        found = read_facts(table)
        self._write_unlocked(
            {
                "kind": table.kind,
                "sheet": table.sheet.name,
                "layout": self._pack_layout(table, sheets),
                "count_all": len(found),
            }
        )
        self.env["aftersales.takeover.sheet"]._create_unlocked(
            [
                {
                    "takeover_id": self.id,
                    "name": one.sheet.name,
                    "kind": one.kind,
                    "count": len(one.lines),
                    "is_chosen": one is table,
                }
                for one in tables
            ]
        )
        rows = self.env["aftersales.takeover.row"]
        for start in range(0, len(found), BATCH):
            rows._create_unlocked(
                [self._prepare_row(facts) for facts in found[start : start + BATCH]]
            )
        self.invalidate_recordset(["row_ids", "sheet_ids"])

    def _prepare_row(self, facts):
        words = (
            facts.get("number"),
            facts.get("customer"),
            facts.get("product"),
            " ".join(map(str, facts.serials)),
            facts.get("title"),
        )
        engine = self.env["aftersales.takeover.engine"]
        return {
            "takeover_id": self.id,
            "number": facts.number,
            "is_hidden": facts.hidden,
            "text": " · ".join(str(word) for word in words if word)[:500] or "–",
            "cells": pack_cells(facts.cells),
            # of the whole file: the rows are tried in parts
            "errors": [[title or "", str(engine._say(reason))] for title, reason in facts.errors],
        }

    @staticmethod
    def _pack_layout(table, sheets):
        first = [pack_cells(line.cells) for line in table.lines[:FIRST_ROWS]]
        return {
            "columns": [asdict(column) for column in table.columns],
            "header": table.header,
            "skipped": table.skipped,
            "hidden_rows": sum(line.hidden for line in table.lines),
            "hidden_sheets": [sheet.name for sheet in sheets if sheet.hidden],
            "first": first,
        }

    def _get_facts(self, rows):
        """What rows say, read once more from the cells that were kept.

        :param rows: aftersales.takeover.row
        :rtype: list[Facts]
        """
        table = Table(
            self.kind,
            None,
            self.layout["header"],
            [Column(**column) for column in self.layout["columns"]],
        )
        table.lines = [Line(row.number, unpack_cells(row.cells), row.is_hidden) for row in rows]
        found = read_facts(table)
        for facts, row in zip(found, rows, strict=True):
            facts.errors = [(title, reason) for title, reason in row.errors or []]
        return found

    # === Taking over === #

    def action_take(self):
        """Take over the rows that are in order; those that are refused stay out.

        :raises AccessError: for users other than service managers
        :raises UserError: when the file was not checked, or no row is in order
        """
        self.ensure_one()
        self._check_company_rights()
        if self.state != "checked":
            raise UserError(self.env._("Check the file first."))
        good = self.row_ids.filtered(lambda row: row.result != REFUSED)
        if not good:
            raise UserError(
                self.env._("No row is in order. Correct them in the file, and choose it again.")
            )
        # of two tabs one takes over
        self._write_unlocked({"state": "taking", "count_done": 0, "taken_by_id": self.env.uid})
        self.flush_recordset()
        self.company_id._aftersales_begin_takeover()
        if self.count_all > AT_ONCE:
            self._start_background()
            return False
        self._try(good)
        self._finish()
        return False

    def _finish(self):
        self._write_unlocked(
            {"state": "done", "taken_on": fields.Datetime.now(), "count_done": self.count_all}
        )

    def _try(self, rows, dry=False):
        """Take rows over, and note what became of each.

        :param rows: aftersales.takeover.row
        :param bool dry: take back what was written
        """
        engine = self.env["aftersales.takeover.engine"]
        outcomes = engine._take(
            self.kind, self._get_facts(rows), self.company_id, self.file_name or "", dry=dry
        )
        values = []
        for row in rows:
            outcome = outcomes[row.number]
            model, number = outcome.record or (None, None)
            if dry and outcome.result == NEW:
                # what was made in a trial is gone
                model = number = None
            reasons, changes = "\n".join(outcome.reasons), "\n".join(outcome.changes)
            values.append((row.id, outcome.result, reasons or None, changes or None, model, number))
        rows.flush_recordset()
        # thousands of rows, each with values of its own: one statement
        self.env.cr.execute_values(
            "UPDATE aftersales_takeover_row AS line SET result = new.result, reason = new.reason,"
            " changes = new.changes, res_model = new.res_model, res_id = new.res_id::int"
            " FROM (VALUES %s) AS new (id, result, reason, changes, res_model, res_id) WHERE line.id = new.id",
            values,
        )
        rows.invalidate_recordset()
        self._count()

    def _count(self):
        counts = dict(
            self.env["aftersales.takeover.row"]._read_group(
                [("takeover_id", "=", self.id)], ["result"], ["__count"]
            )
        )
        self._write_unlocked(
            {f"count_{result}": counts.get(result, 0) for result in (NEW, CHANGED, SAME, REFUSED)}
        )
