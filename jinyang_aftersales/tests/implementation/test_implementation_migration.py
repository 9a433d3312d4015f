from datetime import date

from odoo.tests import freeze_time, tagged

from ..visit.test_visit_migration import load
from .implementation_common import ImplementationCommon


@tagged("post_install", "-at_install")
class TestImplementationMigration(ImplementationCommon):
    """M11: when forms came back is told by hand-overs and filing."""

    def upgrade(self):
        self.env.flush_all()
        self.cr.execute("UPDATE aftersales_archive_entry SET given_on = NULL, received_on = NULL")
        self.cr.execute(
            "UPDATE aftersales_implementation SET forms_back_on = NULL, forms_waiting = NULL,"
            " forms_owed_by_id = NULL"
        )
        load("post-implementation").migrate(self.cr, "19.0.2.0.0")
        self.env.invalidate_all()

    def test_forms_were_back_when_the_archivist_got_them(self):
        received, filed, given, missing = (self.make("finished") for _number in range(4))
        for entry in received.archive_entry_ids:
            entry.with_user(self.archivist).action_receive()
        for entry in given.archive_entry_ids:
            entry.with_user(self.specialist).action_hand_over(self.archivist.id)
        with freeze_time("2026-11-24 02:00:00"):
            self.file(received)
            self.file(filed)
            due = missing.forms_due_date
            self.upgrade()
        self.assertEqual(received.forms_back_on, date(2026, 11, 19))
        self.assertEqual(filed.forms_back_on, date(2026, 11, 24))
        self.assertRecordValues(
            given | missing,
            [
                {"forms_back_on": False, "forms_waiting": True},
                {"forms_back_on": False, "forms_waiting": False},
            ],
        )
        self.assertEqual(set(given.archive_entry_ids.mapped("given_on")), {date(2026, 11, 19)})
        self.assertEqual(missing.forms_owed_by_id, self.specialist)
        self.assertEqual(missing.forms_due_date, due)
        with freeze_time("2026-11-30 02:00:00"):
            for entry in given.archive_entry_ids:
                entry.with_user(self.archivist).action_receive()
        self.assertEqual(given.forms_back_on, date(2026, 11, 19))
