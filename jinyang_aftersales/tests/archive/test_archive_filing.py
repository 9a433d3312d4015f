from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .. import common


@tagged("post_install", "-at_install")
@freeze_time("2026-03-12 02:00:00")
class TestArchiveFiling(common.AftersalesCommon):
    """五.7: a stack of papers is received and filed at one place, all of it or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Lotus Mills")

    def make_entries(self, number, **values):
        return (
            self.env["aftersales.archive.entry"]
            .with_user(self.archivist)
            .create(
                [
                    {
                        "kind": "data_clearing",
                        "document_name": f"Paper {row}",
                        "partner_id": self.customer.id,
                        "holder_id": self.specialist.id,
                        "company_id": self.company.id,
                        "date_deadline": f"2026-03-{28 - row:02}",
                        **values,
                    }
                    for row in range(number)
                ]
            )
        )

    def dialogue(self, entries, user=None):
        user = user or self.archivist
        return Form(
            self.env["aftersales.archive.filing"]
            .with_user(user)
            .with_context(active_model=entries._name, active_ids=entries.ids)
        )

    def test_ten_papers_are_filed_at_one_place_with_evidence_for_each(self):
        entries = self.make_entries(10)
        handed = entries[3]
        with freeze_time("2026-03-10 02:00:00"):
            handed.with_user(self.specialist).action_hand_over(self.archivist.id)
        form = self.dialogue(entries)
        form.place = " 甲柜 3 号夹 "
        action = form.save().action_confirm()
        self.assertEqual(set(entries.mapped("state")), {"filed"})
        self.assertEqual(set(entries.mapped("place")), {"甲柜 3 号夹"})
        self.assertEqual(entries.holder_id, self.archivist)
        self.assertEqual(entries.filed_by_id, self.archivist)
        for entry in entries:
            self.assertEqual(entry.handover_ids.from_id, self.specialist)
            self.assertEqual(entry.handover_ids.to_id, self.archivist)
            came = "2026-03-10" if entry == handed else "2026-03-12"
            self.assertEqual(entry.received_on, self.day(came))
        # the last one is due first
        numbers = entries.sorted("date_deadline").mapped("name")
        self.assertEqual(numbers, sorted(numbers))
        self.assertEqual(len(set(numbers)), 10)
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), entries, "shown with numbers"
        )

    def test_place_of_the_last_paper_of_the_register_is_proposed(self):
        self.assertFalse(self.dialogue(self.make_entries(2)).place)
        self.make_entries(2).action_take_in("乙柜 1 层")
        self.make_entries(1, kind="password_recovery").action_take_in("Elsewhere")
        self.assertEqual(self.dialogue(self.make_entries(2)).place, "乙柜 1 层")
        self.assertEqual(self.dialogue(self.make_entries(2, place="Own")).place, "Own")

    def test_nothing_is_filed_while_one_cannot_be_and_each_is_named(self):
        entries = self.make_entries(4)
        entries[0].action_take_in("A")
        entries[1].action_withdraw("Never made")
        with self.assertRaisesRegex(UserError, "(?s)Paper 0.*Filed.*Paper 1.*Withdrawn"):
            entries.action_take_in("A")
        self.assertEqual(set(entries[2:].mapped("state")), {"expected"})
        form = self.dialogue(entries)
        self.assertEqual(form.obstacle_count, 2)
        wizard = form.save()
        again = wizard.action_leave_out()
        self.assertEqual(again["res_id"], wizard.id)
        self.assertEqual(wizard.entry_ids, entries[2:])
        wizard.action_confirm()
        self.assertEqual(set(entries[2:].mapped("state")), {"filed"})
        with self.assertRaisesRegex(UserError, "None of these"):
            wizard.action_leave_out()

    def test_paper_whose_document_lacks_something_is_not_filed_on_the_way(self):
        agreement = self.make_agreement().with_user(self.specialist)
        self.sign(agreement)
        entries = self.make_entries(1) | agreement.archive_entry_ids.with_user(self.archivist)
        with self.assertRaisesRegex(UserError, "Nothing is filed"):
            entries.action_take_in("A")
        self.assertEqual(set(entries.mapped("state")), {"expected"})

    def test_place_is_needed(self):
        entries = self.make_entries(2)
        for place in (False, "  ", None, 5):
            with self.assertRaisesRegex(UserError, "place"):
                entries.action_take_in(place)

    def test_only_who_keeps_the_archive_takes_papers_in(self):
        entries = self.make_entries(2)
        for user in (self.specialist, self.callback, self.developer, self.employee):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    entries.with_user(user).action_take_in("A")
                with self.assertRaises(AccessError):
                    self.env["aftersales.archive.filing"].with_user(user).create(
                        {"entry_ids": entries.ids, "place": "A"}
                    )
        entries.with_user(self.manager).action_take_in("A")
        self.assertEqual(entries.filed_by_id, self.manager)

    def test_second_press_files_nothing_again(self):
        entries = self.make_entries(2)
        wizard = self.dialogue(entries)
        wizard.place = "A"
        wizard = wizard.save()
        wizard.action_confirm()
        numbers = entries.mapped("name")
        with self.assertRaisesRegex(UserError, "Nothing is filed"):
            wizard.action_confirm()
        self.assertEqual(entries.mapped("name"), numbers)
