import io
import zipfile
from datetime import date, datetime, timedelta

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...models.takeover import aftersales_takeover
from ...models.takeover.layout import find_table
from ...models.takeover.templates import NAMES, make_template
from ...tools.sheets import MAX_BYTES, OLE, read_sheets
from .takeover_common import TakeoverCommon

HEAD = (
    "客户名称",
    "联系人",
    "手机",
    "软件名称",
    "序列号",
    "服务开始日期",
    "服务到期日期",
    "服务专员",
    "备注",
)
PRODUCT = "启擎财务 标准版"


def row(
    customer,
    serial="",
    start="2025-01-01",
    end="2025-12-31",
    contact="张三",
    phone="13800001234",
    **other,
):
    """A row of a ledger."""
    return (
        customer,
        contact,
        phone,
        other.get("product", PRODUCT),
        serial,
        start,
        end,
        other.get("specialist", ""),
        other.get("remark", ""),
    )


@tagged("post_install", "-at_install")
class TestTakeover(TakeoverCommon):
    """What an import does with each row, and what it refuses."""

    def _import(self, *rows):
        return self.import_file(self.make_xlsx(HEAD, *rows))

    def _check(self, *rows):
        takeover = self.start(self.make_xlsx(HEAD, *rows))
        takeover.action_check()
        return takeover

    def _results(self, takeover):
        return [one.result for one in takeover.row_ids]

    # === Rights === #

    def test_only_managers_import(self):
        for user in (self.specialist, self.callback, self.archivist, self.developer, self.employee):
            with self.assertRaises(AccessError):
                self.start(self.make_xlsx(HEAD, row("杭州甲商贸有限公司")), user=user)
            with self.assertRaises(AccessError):
                self.env["aftersales.takeover.engine"].with_user(user)._check_rights()

    def test_a_specialist_gets_no_ledger_through_the_import_screen(self):
        screen = (
            self.env["base_import.import"]
            .with_user(self.specialist)
            .create(
                {
                    "res_model": "aftersales.installation",
                    "file": self.make_xlsx(HEAD, row("杭州甲商贸有限公司")),
                    "file_name": "a.xlsx",
                }
            )
        )
        preview = screen.parse_preview({"has_headers": True, "quoting": '"'})
        self.assertFalse(
            [field for field in preview["fields"] if field["name"].startswith("takeover_")]
        )
        with self.assertRaises(AccessError):
            screen.execute_import(
                ["takeover_customer"] + [False] * 8,
                list(HEAD),
                {"has_headers": True, "quoting": '"'},
            )

    def test_what_methods_write_is_refused_to_everybody_else(self):
        takeover = self._check(row("杭州甲商贸有限公司", "JY-1"))
        for vals in ({"state": "done"}, {"count_new": 7}, {"kind": "tickets"}):
            with self.assertRaises(UserError):
                takeover.write(vals)
        with self.assertRaises(UserError):
            takeover.row_ids.write({"result": "new"})
        with self.assertRaises(UserError):
            self.company.write({"aftersales_live_on": "2020-01-01"})

    def test_what_was_taken_over_is_neither_changed_nor_deleted(self):
        takeover = self._import(row("杭州甲商贸有限公司", "JY-1"))
        with self.assertRaises(UserError):
            takeover.unlink()
        with self.assertRaises(UserError):
            takeover.file = False
        with self.assertRaises(UserError):
            takeover.action_take()

    # === Cells and keys === #

    def test_an_empty_cell_changes_nothing(self):
        self._import(
            row("杭州甲商贸有限公司", "JY-1", specialist=self.specialist.name, remark="老客户")
        )
        takeover = self._import(
            row("杭州甲商贸有限公司", "JY-1", start="", end="", phone="", contact="")
        )
        self.assertEqual(self._results(takeover), ["same"])
        software = self.find_customer("杭州甲商贸有限公司").installation_ids
        self.assertEqual(software.user_id, self.specialist)
        self.assertEqual(software.service_date_end, date(2025, 12, 31))
        self.assertEqual(software.usage_note, "老客户")

    def test_what_changed_is_said_and_written(self):
        self._import(row("杭州甲商贸有限公司", "JY-1"))
        takeover = self._check(
            row("杭州甲商贸有限公司", "JY-1", end="2026-12-31", phone="13900001234")
        )
        changes = takeover.row_ids.changes
        self.assertEqual(self._results(takeover), ["changed"])
        self.assertIn("13800001234 → 13900001234", changes)
        self.assertIn("2025-12-31", changes)
        takeover.action_take()
        customer = self.find_customer("杭州甲商贸有限公司")
        self.assertEqual(customer.child_ids.phone, "13900001234")
        self.assertEqual(customer.installation_ids.service_date_end, date(2026, 12, 31))

    def test_no_day_is_invented(self):
        self._import(
            row("杭州甲商贸有限公司", "JY-1", start="", end=""),
            row("杭州乙商贸有限公司", "JY-2", start=""),
        )
        first = self.find_customer("杭州甲商贸有限公司").installation_ids
        self.assertFalse(
            first.installation_date or first.service_date_start or first.service_date_end
        )
        second = self.find_customer("杭州乙商贸有限公司").installation_ids
        self.assertEqual((second.installation_date, second.service_date_start), (False, False))
        self.assertEqual(
            (second.service_date_end, second.service_state), (date(2025, 12, 31), "expired")
        )
        found = self.env["aftersales.installation"].search([("service_state", "=", "expired")])
        self.assertIn(second, found)

    def test_a_customer_is_found_by_tax_number_then_by_name(self):
        customer = self.make_customer("杭州旧名商贸有限公司", vat="91330106MA00000A0X")
        head = ("客户名称", "税号", "软件名称", "序列号")
        raw = self.make_xlsx(head, ("杭州新名商贸有限公司", "91330106ma00000a0x", PRODUCT, "JY-1"))
        self.import_file(raw)
        self.assertEqual(customer.name, "杭州新名商贸有限公司")
        self.assertEqual(customer.installation_ids.serial_number, "JY-1")
        other = self.start(
            self.make_xlsx(head, ("杭州新名商贸", "91330106MA11111A1X", PRODUCT, "JY-2"))
        )
        other.action_check()
        self.assertEqual(self._results(other), ["refused"])

    def test_two_customers_of_one_name_are_refused(self):
        for _number in range(2):
            self.make_customer("杭州双名商贸有限公司")
        self.assertEqual(
            self._results(self._check(row("杭州双名商贸有限公司", "JY-1"))), ["refused"]
        )

    def test_a_bare_name_that_may_be_two_customers_is_refused(self):
        takeover = self._check(
            row("杭州同名商贸有限公司", "JY-1"),
            row("杭州同名商贸股份有限公司", "JY-2"),
            row("杭州同名商贸", "JY-3"),
        )
        self.assertEqual(self._results(takeover), ["new", "new", "refused"])

    def test_our_own_company_and_colleagues_are_no_customers(self):
        colleague = self.env["hr.employee"].create(
            {"name": "王小二", "company_id": self.company.id}
        )
        colleague.work_contact_id = self.env["res.partner"].create({"name": "王小二"})
        takeover = self._check(
            row(self.company.name, "JY-1"), row(self.specialist.name, "JY-2"), row("王小二", "JY-3")
        )
        self.assertEqual(self._results(takeover), ["refused"] * 3)

    def test_a_serial_number_of_another_customer_is_refused_with_the_customer(self):
        other = self.make_installation(self.make_customer("宁波别家机电有限公司"), serial="JY-77")
        takeover = self._check(row("杭州甲商贸有限公司", "jy－77"))
        self.assertIn(other.partner_id.name, takeover.row_ids.reason)
        takeover = self._check(
            row("杭州甲商贸有限公司", "jy－77"), row("杭州乙商贸有限公司", "JY-78")
        )
        takeover.action_take()
        self.assertFalse(self.find_customer("杭州甲商贸有限公司"))

    def test_a_serial_number_given_twice_is_refused_in_both_rows(self):
        takeover = self._check(
            row("杭州甲商贸有限公司", "JY-1"),
            row("杭州乙商贸有限公司", "JY 1"),
            row("杭州丙商贸有限公司", "JY-3"),
        )
        self.assertEqual(self._results(takeover), ["refused", "refused", "new"])

    def test_the_same_row_twice_makes_one_software(self):
        self._import(row("杭州甲商贸有限公司", "JY-1"), row("杭州甲商贸有限公司", "JY-1"))
        self.assertEqual(len(self.find_customer("杭州甲商贸有限公司").installation_ids), 1)

    def test_a_colleague_whose_name_two_have_is_refused(self):
        for login in ("tom", "tim"):
            self.make_user(login, "jinyang_aftersales.group_user").name = "王磊"
        takeover = self._check(
            row("杭州甲商贸有限公司", "JY-1", specialist="王磊"),
            row("杭州乙商贸有限公司", "JY-2", specialist="aftersales_tom"),
            row("杭州丙商贸有限公司", "JY-3", specialist="谁也不是"),
        )
        self.assertEqual(self._results(takeover), ["refused", "new", "refused"])

    def test_unknown_software_is_refused_with_its_name(self):
        takeover = self._check(row("杭州甲商贸有限公司", "JY-1", product="没有这个软件"))
        self.assertIn("没有这个软件", takeover.row_ids.reason)

    def test_all_that_is_wrong_with_a_row_is_said(self):
        takeover = self._check(row("", "JY-1", start="2025.2.30", end="不是日期", phone="12"))
        self.assertEqual(takeover.row_ids.reason.count("\n"), 3)

    def test_a_period_of_a_paid_agreement_is_kept(self):
        agreement = self.make_agreement(paid=True)
        software = agreement.installation_ids[:1]
        software.product_id.name = PRODUCT + " 二"
        takeover = self._check(
            row(
                software.partner_id.name,
                software.serial_number,
                "2020-01-01",
                "2020-12-31",
                product=software.product_id.name,
            )
        )
        self.assertIn(agreement.name, takeover.row_ids.reason)

    def test_the_trial_writes_nothing(self):
        before = self.env["res.partner"].search_count([])
        takeover = self._check(row("杭州甲商贸有限公司", "JY-1"))
        self.assertEqual((takeover.state, takeover.count_new), ("checked", 1))
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertFalse(self.company.aftersales_takeover_on)

    def test_text_that_looks_like_a_formula_stays_a_text(self):
        takeover = self._check(
            row("=cmd|' /C calc'!A1", "JY-1", end="x"),
            row("+1", "@SUM(1)", end="x"),
            row("-2", "=1+1", end="x"),
        )
        book = openpyxl.load_workbook(io.BytesIO(takeover._make_refused_file()))
        cells = [cell for line in book.active.iter_rows(min_row=2) for cell in line]
        self.assertFalse([cell.value for cell in cells if cell.data_type == "f"])
        self.assertIn("=cmd|' /C calc'!A1", [cell.value for cell in cells])

    def test_the_refused_rows_can_be_corrected_and_imported(self):
        takeover = self._import(
            row("杭州甲商贸有限公司", "JY-1", end="x"), row("杭州乙商贸有限公司", "JY-2")
        )
        book = openpyxl.load_workbook(io.BytesIO(takeover._make_refused_file()))
        sheet = book.active
        self.assertEqual(sheet.max_row, 2)
        place = [cell.value for cell in sheet[1]].index("服务到期日期") + 1
        sheet.cell(2, place).value = "2025-12-31"
        out = io.BytesIO()
        book.save(out)
        again = self.import_file(out.getvalue(), "corrected.xlsx")
        self.assertEqual((again.count_all, again.count_new), (1, 1))

    def test_the_refused_rows_of_a_table_with_groups_of_titles_are_understood_again(self):
        groups = ("客户信息", "", "财务负责人", "", "软件信息", "", "服务期限", "")
        head = ("名称", "税号", "姓名", "电话", "名称", "序列号", "开始", "结束")
        line = ("杭州甲商贸有限公司", "", "张三", "13800001234", PRODUCT, "JY-1", "2025-01-01", "x")
        takeover = self.start(self.make_xlsx(groups, head, line))
        takeover.action_check()
        self.assertEqual(takeover.count_refused, 1)
        table = find_table(read_sheets(takeover._make_refused_file())[0])

        def keys(columns):
            return [(column["key"], column["function"]) for column in columns if column["key"]]

        self.assertEqual(keys(map(vars, table.columns)), keys(takeover.layout["columns"]))

    def test_many_rows_are_worked_on_in_the_background(self):
        rows = [
            row(f"杭州第{number}商贸有限公司", f"JY-{number}", phone=f"1380000{number:04}")
            for number in range(8)
        ]
        self.patch(aftersales_takeover, "AT_ONCE", 5)
        takeover = self.start(self.make_xlsx(HEAD, *rows))
        takeover.action_check()
        self.assertEqual((takeover.state, takeover.count_new), ("checking", 0))
        while takeover.state == "checking":
            takeover._work_on()
        self.assertEqual((takeover.state, takeover.count_new), ("checked", 8))
        takeover.action_take()
        self.assertEqual(takeover.state, "taking")
        while takeover.state == "taking":
            takeover._work_on()
        self.assertEqual((takeover.state, takeover.count_new, takeover.progress), ("done", 8, 100))

    def test_each_sheet_with_a_table_can_be_chosen(self):
        book = openpyxl.Workbook()
        for number, name in enumerate(("2025年", "2026年")):
            sheet = book.active if not number else book.create_sheet()
            sheet.title = name
            sheet.append(list(HEAD))
            sheet.append(list(row(f"杭州{number}商贸有限公司", f"JY-{number}")))
        out = io.BytesIO()
        book.save(out)
        takeover = self.start(out.getvalue())
        takeover.action_check()
        self.assertEqual((takeover.sheet, len(takeover.sheet_ids)), ("2025年", 2))
        takeover.sheet_ids.filtered(lambda sheet: sheet.name == "2026年").action_choose()
        self.assertEqual((takeover.sheet, takeover.row_ids.text[:5]), ("2026年", "杭州1商贸"))

    def test_files_are_forgotten_after_a_while(self):
        unused = self._check(row("杭州甲商贸有限公司", "JY-1"))
        done = self._import(row("杭州乙商贸有限公司", "JY-2"))
        takeovers = self.env["aftersales.takeover"]
        takeovers._gc_files()
        self.assertTrue(unused.exists() and done.file)
        with freeze_time(datetime.now() + timedelta(days=200)):
            takeovers._gc_files()
        self.assertFalse(unused.exists() or done.file or any(done.row_ids.mapped("cells")))
        self.assertEqual(done.row_ids.result, "new")

    # === Files === #

    def _refuse(self, raw, name, *words):
        takeover = self.start(raw, name)
        with self.assertRaises(UserError) as caught:
            takeover.action_check()
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_files_that_cannot_be_read_say_why(self):
        self._refuse(
            OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"
        )
        self._refuse('客户名称,软件名称\n甲,"乙\n丙,丁\n'.encode(), "a.csv", "row 2")
        self._refuse(b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "web page")
        self._refuse(b"%PDF-1.4", "a.xlsx", ".xlsx")
        self._refuse(b"PK\3\4broken", "a.xlsx", "damaged")
        self._refuse(b"a" * (MAX_BYTES + 1), "a.csv", "20 MB")
        self._refuse(self.make_xlsx(("a", "b"), (1, 2)), "a.xlsx", "客户名称")

    def test_an_archive_that_unfolds_is_not_read(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
            for number in range(4):
                with archive.open(
                    f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True
                ) as part:
                    for _block in range(80):
                        part.write(b" " * 1024**2)
        self._refuse(out.getvalue(), "a.xlsx", "unfolds")

    def test_entities_are_not_unfolded(self):
        raw = io.BytesIO(self.make_xlsx(HEAD, row("杭州甲商贸有限公司", "JY-1")))
        out = io.BytesIO()
        with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name == "xl/sharedStrings.xml":
                    content = content.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "bbb">]>', 1)
                new.writestr(name, content)
        self._refuse(out.getvalue(), "a.xlsx", "damaged")

    def test_the_content_tells_the_kind_not_the_ending(self):
        csv = "\r\n".join(
            ",".join(map(str, line)) for line in (HEAD, row("杭州甲商贸有限公司", "JY-1"))
        )
        takeover = self.import_file(csv.encode("gb18030"), "ledger.xlsx")
        self.assertEqual(takeover.count_new, 1)
        raw = io.BytesIO(self.make_xlsx(HEAD, row("杭州乙商贸有限公司", "JY-2")))
        with zipfile.ZipFile(raw, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"macro")
        self.assertEqual(self.import_file(raw.getvalue(), "ledger.xls").count_new, 1)

    def test_a_formula_is_read_by_its_value_and_refused_without_one(self):
        book = openpyxl.Workbook()
        book.active.append(list(HEAD))
        book.active.append([*row("杭州甲商贸有限公司", "JY-1")[:4], "=A1&B1", *row("", "")[5:]])
        out = io.BytesIO()
        book.save(out)
        takeover = self.start(out.getvalue())
        takeover.action_check()
        self.assertEqual(self._results(takeover), ["refused"])

    def test_templates_are_understood_and_their_examples_are_left_out(self):
        for code in NAMES:
            self._refuse(make_template(code), f"{code}.xlsx", "no rows besides examples")
            table = find_table(read_sheets(make_template(code))[0])
            self.assertEqual(table.kind, code)
            self.assertEqual(list(table.skipped.values()).count("example"), 2)
            self.assertFalse([one.title for one in table.columns if one.title and not one.key])

    # === Odoo's import === #

    def _open_screen(self, model, raw, name="a.csv"):
        screen = (
            self.env["base_import.import"]
            .with_user(self.manager)
            .create({"res_model": model, "file": raw, "file_name": name, "file_type": "text/csv"})
        )
        return screen, {"has_headers": True, "quoting": '"', "separator": "", "encoding": ""}

    def test_other_files_are_loaded_as_odoo_does_with_the_errors_of_all_rows(self):
        customer = self.make_customer("杭州甲商贸有限公司")
        text = "partner_id,product_id,serial_number,installation_date\r\n"
        days = ("2026.1.5", "2026年2月30日", "20260107", "不知道哪天")
        text += "".join(
            f"{customer.name},{PRODUCT},JY-{at},{day}\r\n" for at, day in enumerate(days)
        )
        screen, options = self._open_screen("aftersales.installation", text.encode("gbk"))
        fields = ["partner_id", "product_id", "serial_number", "installation_date"]
        answer = screen.execute_import(fields, fields, dict(options), dryrun=True)
        self.assertEqual([message["record"] for message in answer["messages"]], ["3", "5"])

    def test_other_models_are_imported_as_before(self):
        screen, options = self._open_screen(
            "res.partner", "名称,电话\r\n张三,13800001234\r\n".encode()
        )
        preview = screen.parse_preview(options)
        self.assertFalse(
            [field for field in preview["fields"] if field["name"].startswith("takeover_")]
        )

    @mute_logger("odoo.sql_db")
    def test_the_import_screen_takes_all_rows_or_none(self):
        raw = self.make_xlsx(
            HEAD, row("杭州甲商贸有限公司", "JY-1"), row("杭州乙商贸有限公司", "JY-2", end="x")
        )
        screen, options = self._open_screen("aftersales.installation", raw, "a.xlsx")
        preview = screen.parse_preview(options)
        fields = ["/".join(preview["matches"].get(at, [])) or False for at in range(len(HEAD))]
        answer = screen.execute_import(fields, list(HEAD), dict(options))
        self.assertEqual([message["record"] for message in answer["messages"]], ["3"])
        self.assertFalse(self.find_customer("杭州甲商贸有限公司"))
