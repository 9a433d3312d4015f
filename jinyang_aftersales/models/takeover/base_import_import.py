from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.base_import.models.base_import import ImportValidationError

from ...groups import MANAGERS
from ...tools import cells
from ...tools.cells import BadCell
from ...tools.charsets import GB_LABELS, decode_text, normalise_label
from ...tools.sheets import Broken, SheetError, read_sheets
from .facts import read_facts
from .kinds import AGREEMENTS, KEY_LABELS, KINDS, LEDGER, SEVERAL, TICKETS
from .layout import find_table, tell_contacts
from .reading import read_file
from .run import REFUSED

# what the lists of these models import
KIND_OF = {
    "aftersales.installation": LEDGER,
    "res.partner": LEDGER,
    "contract.contract": AGREEMENTS,
    "helpdesk.ticket": TICKETS,
}
# fields of the import that are those of a table, not of the model
PREFIX = "takeover_"
TABLE = "aftersales_takeover_table"
ERRORS = "aftersales_import_errors"


class BaseImport(models.TransientModel):
    """Odoo's own import, for models of the product: files as people here keep them.

    Ledgers, lists of agreements and of open tickets are recognised by their titles and taken over by the engine of the
    product, so that the import screen and the assistant do the same. All other files are loaded as Odoo does, but
    without title and sum rows, in any Chinese character set, with days as people write them, and with the errors of all
    rows at once. Other models are imported as before.
    """

    _inherit = "base_import.import"

    def _reads_ours(self):
        """:return: whether the model is one of the product"""
        name = self.res_model or ""
        return name.startswith("aftersales.") or name in KIND_OF and name != "res.partner"

    # === Reading === #

    def _find_own_table(self, options):
        """The table that is to be taken over, None for files that are loaded as Odoo does.

        :param dict options: of the import
        :rtype: Table | None
        """
        kind = KIND_OF.get(self.res_model)
        if (
            not kind
            or not options.get("has_headers", True)
            or not self.env.user.has_group(MANAGERS)
        ):
            return None
        try:
            sheets = read_file(self.env, self.file or b"")
        except UserError:
            return None
        engine = self.env["aftersales.takeover.engine"]
        people, products = engine._get_people(), engine._get_products()
        shown = [sheet for sheet in sheets if not sheet.hidden]
        wanted = [sheet for sheet in shown if sheet.name == options.get("sheet")] or shown
        tables = [find_table(sheet, people, products, kind) for sheet in wanted]
        table = next((one for one in tables if one and one.lines), None)
        if not table or self._is_of_odoo(table):
            return None
        # plain lists of addresses are loaded as before
        if self.res_model == "res.partner" and not (table.find("product") or table.find("serial")):
            return None
        table.names = [sheet.name for sheet in shown]
        return table

    def _is_of_odoo(self, table):
        """:return: whether the titles are names of fields, as in files that were exported to be imported again"""
        known = self.env[self.res_model]._fields
        titles = [column.title for column in table.columns if column.title]
        own = [
            title
            for title in titles
            if title in ("id", ".id") or title.split("/")[0] in known and title.isascii()
        ]
        labels = {"外部 ID", "外部ID", "External ID", "ID"}
        return bool(own) or any(title in labels for title in titles)

    def _read_file(self, options):
        table = self.env.context.get(TABLE)
        if table:
            options["sheets"] = table.names if len(table.names) > 1 else options.get("sheets") or []
            options["sheet"] = (
                table.sheet.name if len(table.names) > 1 else options.get("sheet") or ""
            )
            titles = [column.title for column in table.columns]
            rows = [
                [self._as_text(line.get(place)) for place in range(len(titles))]
                for line in table.lines
            ]
            return len(rows) + 1, [titles, *rows]
        if not self._reads_ours() or options.get("separator"):
            return super()._read_file(options)
        try:
            sheets = read_sheets(self.file or b"")
        except SheetError as error:
            if error.code == "kind":
                # kinds that Odoo reads besides
                return super()._read_file(options)
            return read_file(self.env, self.file or b"")
        sheet = next((one for one in sheets if one.name == options.get("sheet")), None)
        sheet = sheet or next((one for one in sheets if not one.hidden), sheets[0])
        if len(sheets) > 1 or sheet.name != "CSV":
            options["sheets"], options["sheet"] = [one.name for one in sheets], sheet.name
        rows = [row for row in sheet.rows if not row.is_empty()]
        width = max((len(row.cells) for row in rows), default=0)
        return len(rows), [
            [self._as_text(row.cells[at] if at < len(row.cells) else None) for at in range(width)]
            for row in rows
        ]

    @staticmethod
    def _as_text(cell):
        """A cell as Odoo's import expects it: texts, days and moments."""
        if cell is None:
            return ""
        if isinstance(cell, Broken):
            return cell.text
        if hasattr(cell, "isoformat"):
            return (
                cell.date()
                if hasattr(cell, "date") and not (cell.hour or cell.minute or cell.second)
                else cell
            )
        if isinstance(cell, bool):
            return "True" if cell else "False"
        return str(cell)

    def _read_csv(self, options):
        if self._reads_ours() and self.file:
            if normalise_label(options.get("encoding")) in GB_LABELS:
                options["encoding"] = "gb18030"
            elif not options.get("encoding"):
                options["encoding"] = self._guess_charset()
        return super()._read_csv(options)

    def _guess_charset(self):
        for charset in ("utf-8-sig", "utf-16", "gb18030"):
            try:
                if self.file.decode(charset) == decode_text(self.file)[0]:
                    return charset
            except UnicodeError:
                continue
        return "gb18030"

    # === Matching === #

    @api.model
    def get_fields_tree(self, model, depth=3):
        found = super().get_fields_tree(model, depth)
        table = self.env.context.get(TABLE)
        if not table or model not in KIND_OF or depth != 3:
            return found
        keys = dict.fromkeys([*KINDS[table.kind].columns, "function"])
        return [
            {
                "id": f"{PREFIX}{key}",
                "name": f"{PREFIX}{key}",
                "string": self.env._(KEY_LABELS[key]),
                "required": key == "customer",
                "fields": [],
                # several columns may be matched with the same one
                "type": "char",
                "model_name": model,
            }
            for key in keys
        ]

    def _get_mapping_suggestions(self, headers, header_types, fields_tree):
        table = self.env.context.get(TABLE)
        if not table:
            return super()._get_mapping_suggestions(headers, header_types, fields_tree)
        return {
            (place, header): {"field_path": [f"{PREFIX}{column.key}"], "distance": 0}
            if column.key
            else None
            for place, (header, column) in enumerate(zip(headers, table.columns, strict=True))
        }

    def parse_preview(self, options, count=10):
        table = self._find_own_table(options)
        own = self.with_context(**{TABLE: table}) if table else self
        return super(BaseImport, own).parse_preview(options, count)

    # === Loading === #

    def execute_import(self, fields, columns, options, dryrun=False):
        if any(str(name or "").startswith(PREFIX) for name in fields):
            return self._take_over(fields, options, dryrun)
        if not self._reads_ours():
            return super().execute_import(fields, columns, options, dryrun)
        errors = []
        own = self.with_context(**{ERRORS: errors})
        result = super(BaseImport, own).execute_import(fields, columns, options, dryrun)
        if errors:
            result = {"ids": False, "messages": errors, "nextrow": 0, "name": []}
        return result

    def _take_over(self, fields, options, dryrun):
        """Take a table over by the engine; all its rows or none, as Odoo does.

        :param list fields: what each column was matched with
        :param dict options: of the import
        :param bool dryrun: take back what was written
        :return: the answer of Odoo's import
        :rtype: dict
        """
        self.ensure_one()
        self.env["aftersales.takeover.engine"]._check_rights()
        table = self._find_own_table(options)
        if not table or len(table.columns) != len(fields):
            return self._answer_error(self.env._("The file has changed. Choose it again."))
        for column, name in zip(table.columns, fields, strict=True):
            column.key = (
                str(name).removeprefix(PREFIX) if str(name or "").startswith(PREFIX) else ""
            )
        keys = [column.key for column in table.columns if column.key and column.key not in SEVERAL]
        double = next((key for key in keys if keys.count(key) > 1), None)
        if double:
            return self._answer_error(
                self.env._(
                    "Two columns are matched with “%s”. Choose one.", self.env._(KEY_LABELS[double])
                )
            )
        tell_contacts(table)
        found = read_facts(table)
        skip, limit = options.get("skip") or 0, options.get("limit") or len(found)
        part = found[skip : skip + limit]
        engine = self.env["aftersales.takeover.engine"]
        outcomes = engine._take(table.kind, part, self.env.company, self.file_name or "", dry=True)
        messages = [
            {
                "type": "error",
                "message": reason,
                "record": str(facts.number),
                "rows": {"from": place, "to": place},
                "field": False,
            }
            for place, facts in enumerate(part, skip)
            for reason in outcomes[facts.number].reasons
        ]
        if not dryrun and not messages:
            self.env.company._aftersales_begin_takeover()
            outcomes = engine._take(table.kind, part, self.env.company, self.file_name or "")
            refused = [reason for outcome in outcomes.values() for reason in outcome.reasons]
            if refused:
                # somebody else changed something meanwhile
                raise UserError("\n".join(refused[:10]))
        ids = self._find_ids(
            [outcome.record for outcome in outcomes.values() if outcome.result != REFUSED]
        )
        return {
            "ids": False if messages else ids or [0],
            "messages": messages,
            "nextrow": skip + limit if skip + limit < len(found) else 0,
            "name": [],
        }

    def _find_ids(self, records):
        """Ids of the list's own model: those of customers for the list of customers.

        :param list[tuple] records: model and id, or empty
        :rtype: list[int]
        """
        ids = [record[1] for record in records if record and record[0] == self.res_model]
        if self.res_model == "res.partner":
            software = [record[1] for record in records if record and record[0] != self.res_model]
            ids += self.env["aftersales.installation"].browse(software).exists().partner_id.ids
        return list(dict.fromkeys(ids))

    @api.model
    def _answer_error(self, text):
        return {
            "ids": False,
            "messages": [
                {"type": "error", "message": text, "not_matching_error": True, "record": False}
            ],
        }

    # === Cells, all errors at once === #

    def _parse_import_data(self, data, import_fields, options):
        result = super()._parse_import_data(data, import_fields, options)
        if self.env.context.get(ERRORS):
            raise ImportValidationError(self.env.context[ERRORS][0]["message"])
        return result

    def _parse_date_from_data(self, data, index, name, field_type, options):
        errors = self.env.context.get(ERRORS)
        if errors is None:
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for place, line in enumerate(data):
            value = line[index]
            if not value or hasattr(value, "isoformat"):
                continue
            if field_type == "date":
                try:
                    day = cells.day_of(value)
                    line[index] = day.isoformat() if day else ""
                    continue
                except BadCell as error:
                    reason = self.env["aftersales.takeover.engine"]._say(error.reason)
            try:
                super()._parse_date_from_data([line], index, name, field_type, options)
            except ImportValidationError as error:
                self._note_error(
                    errors, reason if field_type == "date" else error.message, name, place, options
                )
        return None

    def _parse_float_from_data(self, data, index, name, options):
        errors = self.env.context.get(ERRORS)
        if errors is None:
            return super()._parse_float_from_data(data, index, name, options)
        for place, line in enumerate(data):
            try:
                super()._parse_float_from_data([line], index, name, options)
            except ImportValidationError as error:
                self._note_error(errors, error.message, name, place, options)
        return None

    def _note_error(self, errors, message, name, place, options):
        row = place + (options.get("skip") or 0)
        errors.append(
            {
                "type": "error",
                "message": message,
                "record": str(row + 1 + bool(options.get("has_headers"))),
                "rows": {"from": row, "to": row},
                "field": name,
                "field_path": name.split("/"),
            }
        )
