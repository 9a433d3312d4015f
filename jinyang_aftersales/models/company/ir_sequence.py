from odoo import api, models
from odoo.tools import SQL

from .races import run_again_when_taken


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _aftersales_next(self, code, company):
        """Draw a number that begins anew each year of the company.

        Two transactions that draw the first number of a year at the same instant both make the counter of that
        year. The later one is run again, as after any other conflict, instead of showing an error to its user.

        :param str code: code of the sequence
        :param company: res.company, whose own sequence goes before the shared one and whose today counts
        :return: the number, False without a sequence
        :rtype: str | bool
        :raises ConcurrencyError: when another transaction began the year; requests and jobs are run again
        """
        # sudo: users who may make the document may not read sequences
        sequence = self.sudo().with_company(company)
        return self._aftersales_draw(sequence.next_by_code, company, code)

    @api.model
    def _aftersales_next_many(self, code, company, count):
        """Draw several numbers at once, as :meth:`_aftersales_next` draws one.

        :param str code: code of the sequence
        :param company: res.company
        :param int count: how many
        :rtype: list[str | bool]
        :raises ConcurrencyError: as for one
        """
        # Drawing the first number makes the counter of the year where there is none yet.
        names = [self._aftersales_next(code, company) for _number in range(min(count, 1))]
        # sudo: as in _aftersales_next
        counter = self.sudo().search(
            [("code", "=", code), ("company_id", "in", (company.id, False))],
            order="company_id",
            limit=1,
        )
        if counter.implementation != "standard":
            return names + [
                self._aftersales_next(code, company) for _number in names and range(count - 1)
            ]
        table = f"ir_sequence_{counter.id:03d}"
        if counter.use_date_range:
            day = company._aftersales_today()
            year = counter.date_range_ids.filtered(lambda row: row.date_from <= day <= row.date_to)[
                :1
            ]
            table += f"_{year.id:03d}"
            counter = counter.with_context(ir_sequence_date_range=year.date_from)
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(2, %s)", table, count)
        )
        # Prefix and suffix are the same for all numbers.
        prefix, suffix = counter._get_prefix_suffix()
        return names + [f"{prefix}{number:0{counter.padding}}{suffix}" for (number,) in rows]

    @api.model
    def _aftersales_draw(self, draw, company, *args):
        """Draw a number dated by the company's today; after a conflict the transaction is run again.

        :param draw: method of ir.sequence that takes a ``sequence_date``
        :param company: res.company
        :param args: other arguments of the method
        :rtype: str | bool
        :raises ConcurrencyError: when another transaction makes the same counter at this instant
        """
        with run_again_when_taken():
            return draw(*args, sequence_date=company._aftersales_today())
