import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .. import common

PDF = base64.b64encode(b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n")


@tagged("post_install", "-at_install")
class TestArchive(common.AftersalesCommon):
    """Originals: expected, filed without gaps, lent, lost (五.7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Lotus Mills")

    @classmethod
    def make_entry(cls, user=None, **values):
        return (
            cls.env["aftersales.archive.entry"]
            .with_user(user or cls.archivist)
            .with_context(allowed_company_ids=(user or cls.archivist).company_id.ids)
            .create(
                {
                    "kind": "data_clearing",
                    "document_name": "Paper 1",
                    "partner_id": cls.customer.id,
                    "holder_id": cls.specialist.id,
                    "company_id": cls.company.id,
                    **values,
                }
            )
        )

    @classmethod
    def make_filed(cls, **values):
        entry = cls.make_entry(**{"place": "Cabinet A", **values})
        entry.action_file()
        return entry

    # === Numbers === #

    @freeze_time("2026-12-31 16:30:00")
    def test_number_is_drawn_at_filing_by_the_companys_year(self):
        entry = self.make_entry(place="Cabinet A")
        self.assertEqual(entry.name, "/")
        entry.action_file()
        # half past midnight in Shanghai
        self.assertEqual(entry.name, "QC2027-0001")
        self.assertEqual(entry.filed_on, self.day("2027-01-01"))
        self.assertEqual(entry.filed_by_id, self.archivist)
        self.assertEqual(entry.retention_date, self.day("2032-01-01"))

    @freeze_time("2026-03-10 02:00:00")
    def test_each_company_and_kind_counts_for_itself_without_gaps(self):
        names = [self.make_filed().name for _number in range(2)]
        with self.assertRaisesRegex(ValueError, "fell"), self.cr.savepoint():
            entry = self.make_entry(place="Cabinet A")
            entry.action_file()
            raise ValueError("the paper fell on the floor")
        names.append(self.make_filed().name)
        self.assertEqual(names, ["QC2026-0001", "QC2026-0002", "QC2026-0003"])
        self.assertEqual(self.make_filed(kind="password_recovery").name, "MM2026-0001")
        other = self.make_company("Branch")
        archivist = self.make_user(
            "archivist2",
            "jinyang_aftersales.group_archivist",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        entry = self.make_entry(archivist, company_id=other.id, place="B", holder_id=archivist.id)
        entry.action_file()
        self.assertEqual(entry.name, "QC2026-0001")

    def test_number_cannot_be_entered_or_changed(self):
        with self.assertRaises(UserError):
            self.make_entry(name="QC2026-0001")
        entry = self.make_filed()
        for values in ({"name": "QC1"}, {"state": "expected"}, {"filed_on": "2020-01-01"}):
            with self.assertRaises(UserError):
                entry.write(values)

    def test_defaults_of_a_caller_file_nothing(self):
        forged = {
            "state": "filed",
            "name": "QC2026-0009",
            "place": "A",
            "filed_on": "2020-01-01",
            "lost_holder_id": self.colleague.id,
        }
        context = {f"default_{name}": value for name, value in forged.items()}
        entry = self.env["aftersales.archive.entry"].with_user(self.archivist)
        entry = entry.with_context(**context).create(
            {"kind": "data_clearing", "document_name": "Paper"}
        )
        self.assertRecordValues(
            entry, [{"state": "expected", "name": "/", "filed_on": False, "lost_holder_id": False}]
        )

    def test_loan_and_return_keep_the_number(self):
        entry = self.make_filed()
        number = entry.name
        entry.action_lend(self.specialist.id, self.company._aftersales_today())
        self.assertEqual(entry.state, "on_loan")
        self.assertEqual(entry.holder_id, self.specialist)
        entry.action_return()
        self.assertRecordValues(
            entry,
            [
                {
                    "state": "filed",
                    "name": number,
                    "holder_id": self.archivist.id,
                    "loan_to_id": False,
                    "loan_due_date": False,
                }
            ],
        )

    # === What is filed stays === #

    def test_nothing_is_deleted(self):
        for entry in (self.make_entry(), self.make_filed()):
            for user in (self.archivist, self.manager, self.director):
                with self.assertRaises(AccessError):
                    entry.with_user(user).unlink()
            with self.assertRaisesRegex(UserError, "nothing is deleted"):
                entry.sudo().unlink()

    def test_filed_content_is_fixed(self):
        entry = self.make_filed(scan=PDF)
        for values in (
            {"place": "Cabinet B"},
            {"scan": False},
            {"document_name": "Paper 2"},
            {"partner_id": False},
            {"kind": "appraisal"},
            {"retention_date": "2027-01-01"},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                entry.write(values)

    def test_correction_keeps_the_old_value(self):
        entry = self.make_filed(scan=PDF, scan_name="old.pdf")
        second = base64.b64encode(b"%PDF-1.4\nsecond\n%%EOF\n")
        with self.assertRaisesRegex(UserError, "why"):
            entry.action_correct({"place": "Cabinet B"}, " ")
        with self.assertRaises(UserError):
            entry.action_correct({"name": "QC1"}, "typo")
        entry.action_correct({"place": "Cabinet B", "scan": second}, "moved")
        self.env.flush_all()
        self.cr.precommit.run()
        self.assertEqual(entry.place, "Cabinet B")
        self.assertEqual(entry.scan, second)
        messages = entry.sudo().message_ids
        self.assertIn("Cabinet A", messages.tracking_value_ids.mapped("old_value_char"))
        kept = messages.attachment_ids
        self.assertEqual((kept.name, base64.b64encode(kept.raw)), ("old.pdf", PDF))
        self.assertIn("moved", "".join(messages.mapped("body")))

    def test_scan_cannot_be_changed_behind_the_entry(self):
        entry = self.make_filed(scan=PDF)
        files = self.env["ir.attachment"].with_user(self.archivist)
        scan = self.env["ir.attachment"].search(
            [("res_model", "=", entry._name), ("res_field", "=", "scan")]
        )
        for attempt in (
            lambda: scan.with_user(self.archivist).write({"raw": b"x"}),
            lambda: scan.with_user(self.archivist).unlink(),
            lambda: files.create(
                {
                    "name": "scan",
                    "res_model": entry._name,
                    "res_id": entry.id,
                    "res_field": "scan",
                    "raw": b"x",
                }
            ),
            lambda: files.create(
                {"name": "x", "res_model": entry._name, "res_id": entry.id, "raw": b"x"}
            ).write({"res_field": "scan"}),
        ):
            with self.assertRaisesRegex(AccessError, "belongs to a document"), self.cr.savepoint():
                attempt()
        entry.invalidate_recordset()
        self.assertEqual(entry.scan, PDF)

    def test_filing_needs_a_place(self):
        for place in (False, "  "):
            entry = self.make_entry(place=place)
            with self.assertRaisesRegex(UserError, "place"):
                entry.action_file()
            self.assertEqual(entry.name, "/")

    # === Scans === #

    def test_scan_is_known_by_its_content(self):
        large = base64.b64encode(b"%PDF-1.4\n" + b"0" * (10 * 1024 * 1024 - 8))
        for scan, reason in (
            (base64.b64encode(b"<html><script>alert(1)</script></html>"), "PDF, JPEG or PNG"),
            (base64.b64encode(b"MZ\x90\x00"), "PDF, JPEG or PNG"),
            (base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "PDF, JPEG or PNG"),
            (large, "larger than 10 MB"),
            ("abcde", "cannot be read"),
        ):
            with self.assertRaisesRegex(ValidationError, reason), self.cr.savepoint():
                self.make_entry(scan=scan, scan_name="paper.pdf")
        self.assertFalse(self.env["aftersales.archive.entry"].search([]))
        entry = self.make_entry(scan=PDF, scan_name="../../a\r\nb<i>.pdf")
        self.assertEqual(entry.scan_name, "a b_i_.pdf")

    def test_scan_by_a_default_of_the_caller_is_checked_too(self):
        html = base64.b64encode(b"<html><script>alert(1)</script></html>")
        entries = self.env["aftersales.archive.entry"].with_user(self.archivist)
        with self.assertRaises(ValidationError):
            entries.with_context(default_scan=html).create(
                {"kind": "appraisal", "document_name": "Paper"}
            )

    # === Hands === #

    def test_every_hand_over_is_a_row(self):
        entry = self.make_entry(place="Cabinet A")
        entry.with_user(self.specialist).action_hand_over(self.colleague.id, "on my way")
        entry.with_user(self.archivist).action_receive()
        entry.action_file()
        self.assertRecordValues(
            entry.handover_ids.sorted("id"),
            [
                {
                    "from_id": self.specialist.id,
                    "to_id": self.colleague.id,
                    "recorded_by_id": self.specialist.id,
                    "note": "on my way",
                },
                {
                    "from_id": self.colleague.id,
                    "to_id": self.archivist.id,
                    "recorded_by_id": self.archivist.id,
                    "note": False,
                },
            ],
        )

    def test_who_is_said_to_have_got_an_original_is_told_and_hands_it_back(self):
        """M08: whoever holds it answers for its loss (七.3), so nobody becomes the holder unaware."""
        entry = self.make_entry()
        entry.with_user(self.specialist).action_hand_over(self.colleague.id)
        told = entry.activity_ids.filtered(lambda row: row.user_id == self.colleague)
        self.assertEqual(len(told), 1)
        entry.with_user(self.colleague).action_hand_over(self.specialist.id, "I do not have it")
        self.assertEqual(entry.holder_id, self.specialist)

    def test_specialist_hands_over_only_what_he_holds(self):
        entry = self.make_entry()
        with self.assertRaises(AccessError):
            entry.with_user(self.colleague).action_hand_over(self.colleague.id)
        self.assertFalse(entry.with_user(self.colleague).can_hand_over)
        self.assertTrue(entry.with_user(self.specialist).can_hand_over)

    def test_receiver_is_a_colleague_of_the_company(self):
        other = self.make_company("Branch")
        stranger = self.make_user(
            "stranger",
            "jinyang_aftersales.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        customer = self.make_user("customer", "base.group_portal")
        entry = self.make_entry()
        for user in (stranger, customer):
            with self.assertRaisesRegex(UserError, "colleague"):
                entry.with_user(self.specialist).action_hand_over(user.id)
        self.colleague.active = False
        with self.assertRaisesRegex(UserError, "colleague"):
            entry.with_user(self.specialist).action_hand_over(self.colleague.id)

    def test_hand_over_rows_are_made_by_the_steps_only(self):
        entry = self.make_entry()
        entry.with_user(self.specialist).action_hand_over(self.colleague.id)
        row = entry.handover_ids
        for user in (self.archivist, self.manager):
            for attempt in (
                lambda u=user: row.with_user(u).write({"to_id": self.specialist.id}),
                lambda u=user: row.with_user(u).unlink(),
                lambda u=user: entry.with_user(u).write({"handover_ids": [(2, row.id)]}),
                lambda u=user: row.with_user(u).create(
                    {"entry_id": entry.id, "to_id": self.specialist.id}
                ),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()
            with self.assertRaises(UserError):
                entry.with_user(user).write({"holder_id": self.specialist.id})

    # === Loss === #

    def test_loss_remembers_who_held_it(self):
        entry = self.make_entry()
        with self.assertRaisesRegex(UserError, "how"):
            entry.action_lose("")
        entry.action_lose("left in the train")
        entry.with_user(self.manager).action_find()
        self.assertRecordValues(entry, [{"state": "expected", "lost_holder_id": False}])
        lent = self.make_filed()
        lent.action_lend(self.colleague.id, self.company._aftersales_today())
        lent.action_lose("left in the train")
        self.assertRecordValues(
            lent,
            [
                {
                    "state": "lost",
                    "lost_holder_id": self.colleague.id,
                    "lost_by_id": self.archivist.id,
                    "lost_reason": "left in the train",
                    "lost_on": self.company._aftersales_today(),
                }
            ],
        )
        number = lent.name
        lent.action_find()
        self.assertRecordValues(lent, [{"state": "filed", "name": number}])

    # === Search === #

    @freeze_time("2026-03-10 02:00:00")
    def test_found_by_customer_document_and_number(self):
        filed = self.make_filed(document_name="SQ2026-0042")
        entries = self.env["aftersales.archive.entry"].with_user(self.archivist)
        for text in ("QC2026-0001", "2026-0042", "lotus"):
            found = [entry_id for entry_id, _name in entries.name_search(text)]
            self.assertEqual(found, filed.ids, text)

    def test_overdue_is_searched_by_the_companys_day(self):
        with freeze_time("2026-03-10 02:00:00"):
            entry = self.make_entry(date_deadline="2026-03-12")
            lent = self.make_filed()
            lent.action_lend(self.specialist.id, "2026-03-12")
        entries = self.env["aftersales.archive.entry"].with_user(self.archivist)
        for moment, late in (("2026-03-12 15:30:00", False), ("2026-03-12 16:30:00", True)):
            with freeze_time(moment):
                (entry | lent).invalidate_recordset(["is_overdue"])
                self.assertEqual(entry.is_overdue, late, moment)
                self.assertEqual(lent.is_overdue, late, moment)
                found = entries.search([("is_overdue", "=", True)])
                self.assertEqual(found, (entry | lent if late else entries).sorted())
                self.assertEqual(len(entries.search([("is_overdue", "=", False)])), 2 - len(found))

    # === Another company === #

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_another_company_sees_nothing(self):
        other = self.make_company("Branch")
        entry = self.make_entry()
        archivist = self.make_user(
            "archivist3",
            "jinyang_aftersales.group_archivist",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        entry = entry.with_user(archivist).with_context(allowed_company_ids=other.ids)
        self.assertFalse(entry.search([]))
        with self.assertRaises(AccessError):
            entry.read(["document_name"])
