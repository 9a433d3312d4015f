import contextlib
import io

import xlsxwriter
from markupsafe import Markup

from odoo import api, fields, models

from ...tools.cells import BadCell, day_of
from ...tools.sheets import Broken
from ...tools.workbooks import TEXT_OPTIONS
from .kinds import KEY_LABELS, get_single_title
from .reading import unpack_cells
from .run import REFUSED

SHOWN_CELLS = 40
DAYS = frozenset({"from", "to", "installed", "signed_on", "paid_on", "reported_on"})


class AftersalesTakeover(models.Model):
    """What was understood of a file, for its reader, and a workbook of the rows that were refused."""

    _inherit = "aftersales.takeover"

    understood = fields.Html(
        compute="_compute_understood", sanitize=False, help="What the columns were taken for."
    )

    @api.depends("layout")
    @api.depends_context("lang")
    def _compute_understood(self):
        for takeover in self:
            takeover.understood = takeover.layout and takeover._show_layout()

    def _show_layout(self):
        """:return: a table of the columns with what they hold and their first cells, and notes, as markup"""
        layout, rows = self.layout, []
        first = [unpack_cells(cells) for cells in layout["first"]]
        for column in layout["columns"]:
            if not column["title"]:
                continue
            label = self._show_key(column)
            cells = " | ".join(
                self._show_cell(row[column["place"]], column["key"])
                for row in first
                if column["place"] < len(row)
            )
            rows.append(
                Markup("<tr class='%s'><td>%s</td><td>%s</td><td class='text-muted'>%s</td></tr>")
                % ("" if column["key"] else "text-muted", column["title"], label, cells)
            )
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Column of the File"),
            self.env._("Is Taken For"),
            self.env._("First Rows"),
        )
        notes = Markup("").join(Markup("<li>%s</li>") % note for note in self._list_notes())
        return Markup(
            "<div><ul class='mb-2'>%s</ul><div class='table-responsive'>"
            "<table class='table table-sm o_aftersales_understood'><thead>%s</thead><tbody>%s</tbody></table>"
            "</div></div>"
        ) % (notes, head, Markup("").join(rows))

    def _show_key(self, column):
        if not column["key"]:
            return self.env._("not used")
        label = KEY_LABELS[column["key"]]
        label = self.env._(label)
        if column["function"]:
            label = f"{label} ({column['function']})"
        if column["contact"]:
            label = f"{label} {column['contact'] + 1}"
        return label

    @staticmethod
    def _show_cell(cell, key):
        """:return: the beginning of a cell; numbers of Excel for days as the days they are"""
        if cell is None:
            return ""
        if key in DAYS and not isinstance(cell, Broken):
            with contextlib.suppress(BadCell):
                cell = day_of(cell, last=key == "to") or ""
        text = cell.text if isinstance(cell, Broken) else str(cell).removesuffix(" 00:00:00")
        return text if len(text) <= SHOWN_CELLS else f"{text[:SHOWN_CELLS]}…"

    def _list_notes(self):
        """:return: what the reader has to know of how the file was read, a list of texts"""
        layout, env = self.layout, self.env
        notes = [
            env._(
                "Titles in row %(rows)s; %(count)s rows with data.",
                rows=", ".join(map(str, layout["header"])),
                count=self.count_all,
            )
        ]
        kinds = list(layout["skipped"].values())
        odd = {
            "title": env._("%s rows above the titles are left out.", kinds.count("title")),
            "sum": env._("%s rows with sums are left out.", kinds.count("sum")),
            "note": env._("%s rows with notes are left out.", kinds.count("note")),
            "example": env._(
                "%s example rows of the template are left out.", kinds.count("example")
            ),
        }
        notes += [text for kind, text in odd.items() if kind in kinds]
        if layout["hidden_rows"]:
            notes.append(env._("%s hidden rows are read, too.", layout["hidden_rows"]))
        hidden = [
            column["title"] for column in layout["columns"] if column["hidden"] and column["key"]
        ]
        if hidden:
            notes.append(env._("Hidden columns are read, too: %s.", "、".join(hidden)))
        if layout["hidden_sheets"]:
            notes.append(
                env._("Hidden sheets are not read: %s.", "、".join(layout["hidden_sheets"]))
            )
        return notes

    # === Rows to correct === #

    def action_download_refused(self):
        """Download a workbook of the refused rows, each with the reasons in the last column."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/jinyang_aftersales/takeover/{self.id}/refused",
            # in a window of its own the download would leave an empty one
            "target": "self",
        }

    def _make_refused_file(self):
        """The refused rows as a workbook that can be corrected and imported.

        :rtype: bytes
        """
        self.ensure_one()
        self.check_access("read")
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {**TEXT_OPTIONS, "in_memory": True}) as book:
            sheet = book.add_worksheet(self.env._("To Correct"))
            bold = book.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1})
            red = book.add_format({"font_color": "#B00020", "text_wrap": True, "valign": "top"})
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            columns = [column for column in self.layout["columns"] if column["title"]]
            for place, column in enumerate(columns):
                sheet.write_string(0, place, get_single_title(self.kind, column), bold)
                sheet.set_column(place, place, 18)
            sheet.write_string(0, len(columns), self.env._("Why Refused"), bold)
            sheet.set_column(len(columns), len(columns), 60)
            rows = self.row_ids.filtered(lambda row: row.result == REFUSED).sorted("number")
            for line, row in enumerate(rows, 1):
                cells = unpack_cells(row.cells)
                for place, column in enumerate(columns):
                    cell = cells[column["place"]] if column["place"] < len(cells) else None
                    self._write_cell(sheet, line, place, cell, day)
                sheet.write_string(line, len(columns), row.reason or "", red)
            sheet.freeze_panes(1, 0)
        return out.getvalue()

    @staticmethod
    def _write_cell(sheet, line, place, cell, day):
        """Write a cell as it was; texts stay texts, whatever they begin with."""
        if cell is None:
            return
        if isinstance(cell, Broken):
            sheet.write_string(line, place, cell.text)
        elif hasattr(cell, "isoformat"):
            sheet.write_datetime(line, place, cell, day)
        elif isinstance(cell, bool):
            sheet.write_boolean(line, place, cell)
        elif isinstance(cell, (int, float)) and abs(cell) < 1e15:
            sheet.write_number(line, place, cell)
        else:
            sheet.write_string(line, place, str(cell)[:32_000])
