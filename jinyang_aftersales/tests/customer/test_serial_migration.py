from odoo.tests import tagged
from odoo.tools.misc import mute_logger

from ..common import AftersalesCommon, load_migration


@tagged("post_install", "-at_install")
class TestSerialMigration(AftersalesCommon):
    """Serial numbers of before come to their normal form; what is the same number then is kept and marked."""

    def migrate(self, *serials):
        """Give software serial numbers as they were stored before, and upgrade.

        :return: aftersales.installation of each
        """
        customer = self.make_customer()
        rows = self.env["aftersales.installation"].union(
            *(self.make_installation(customer, serial=False) for _serial in serials)
        )
        self.env.flush_all()
        with mute_logger("odoo.schema"):
            self.env.cr.execute("DROP INDEX aftersales_installation_serial_uniq")
        for row, serial in zip(rows, serials, strict=True):
            self.env.cr.execute(
                "UPDATE aftersales_installation SET serial_number = %s, serial_key = NULL,"
                " serial_double = NULL WHERE id = %s",
                (serial, row.id),
            )
        load_migration("19.0.4.0.0/pre-search.py").migrate(self.env.cr, "19.0.3.0.0")
        self.env["aftersales.installation"]._serial_uniq.apply_to_database(
            self.env["aftersales.installation"]
        )
        self.env.invalidate_all()
        return rows

    def test_serials_come_to_their_normal_form(self):
        rows = self.migrate("AB 12-34", "'00 17", "无", "1.23E+11", "ＫＫ－９")
        self.assertEqual(
            rows.mapped("serial_number"), ["AB12-34", "0017", False, "1.23E+11", "KK-9"]
        )
        self.assertEqual(rows.mapped("serial_key"), ["AB1234", "0017", False, "123E11", "KK9"])
        self.assertFalse(any(rows.mapped("serial_double")))

    def test_the_same_number_twice_stays_and_is_marked_until_one_is_corrected(self):
        first, second, third = self.migrate("AB-1234", "AB 1234", "OTHER-1")
        self.assertEqual((first.serial_number, second.serial_number), ("AB-1234", "AB1234"))
        self.assertEqual(
            (first.serial_double, second.serial_double, third.serial_double), (False, True, False)
        )
        second.version = "V9"
        self.assertTrue(second.serial_double)
        first.serial_number = "AB-9999"
        self.assertFalse(second.serial_double)

    def test_a_mark_goes_with_the_number(self):
        first, second = self.migrate("AB-1234", "AB 1234")
        second.serial_number = "CD-1"
        self.assertEqual((first.serial_double, second.serial_double), (False, False))
