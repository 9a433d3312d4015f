"""Shared set-up of the tests: a Chinese company, a user for each role and factories.

Import the module, not the class (``from . import common`` or ``from .common import AftersalesCommon`` in a file
whose own classes add the tests); it holds no test itself.

======================  ==================================================================
``cls.company``         company in Asia/Shanghai, in CNY, with the Chinese chart of accounts, see :mod:`.ground`
``cls.director`` …      a user for each role, see :meth:`AftersalesCommon._make_users`
``make_customer``       a company with a software contact
``make_software``       a product of a product line that is installed at customers
``make_installation``   a software at a customer, with serial number and first service period
``make_agreement``      an agreement over installations: draft, ``signed=True`` or ``paid=True``
``sign``                sign agreements for us with all that is asked for
``fax``                 record that agreements were sent by fax
``pay`` / ``unpay``     register a payment of an agreement's invoice through the bank, undo it
======================  ==================================================================
"""

import importlib.util
import re
from datetime import date
from itertools import count

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import TransactionCase
from odoo.tools.misc import file_path

from ..models.company.aftersales_job import AftersalesJob
from . import ground

_numbers = count(1)


def load_migration(path, addon="jinyang_aftersales"):
    """:param str path: version and file of a migration, which cannot be imported by name
    :return: its module
    """
    spec = importlib.util.spec_from_file_location(
        "tested_migration", file_path(f"{addon}/migrations/{path}")
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class AftersalesCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = ground.get_company(cls.env)
        cls.env.user.company_ids += cls.company
        cls.env.user.company_id = cls.company
        cls.env = ground.get_company_env(cls.env, cls.company)
        cls.company = cls.company.with_env(cls.env)
        cls.line = cls.env["aftersales.product.line"].create(
            {"name": "Jinyang Test Line", "brand": "Jinyang"}
        )
        cls._make_users()

    @classmethod
    def make_company(cls, name="Second Company", tz="Asia/Shanghai"):
        """Another company, with the chart of accounts of China (or a generic one where it is not installed).

        :param str name: its name
        :param str tz: name of its time zone
        """
        return ground.take_company(cls.env, name, tz)

    @staticmethod
    def list_job_steps():
        """The steps of the hourly job as its docstring lists them.

        :return: pairs of number and name of the method
        :rtype: list[tuple[int, str]]
        """
        rows = re.findall(r"^ +(\d+)  (\w+)  ", AftersalesJob.__doc__, re.MULTILINE)
        return [(int(number), name) for number, name in rows]

    @classmethod
    def _make_users(cls):
        """``cls.director, manager, specialist, colleague`` (a second specialist), ``callback, archivist,
        developer, employee`` (no role), ``accountant`` (accounting only)."""
        for name in ground.PEOPLE:
            setattr(cls, name, ground.get_person(cls.env, cls.company, name))

    @classmethod
    def make_user(cls, name, groups, **values):
        """A user of the company whose login is ``aftersales_<name>``, e-mail ``<name>@example.com``.

        :param str name: name of the user
        :param str groups: external ids, comma separated
        """
        return ground.make_user(cls.env, cls.company, name, groups, **values)

    # ------------------------------------------------------------------
    # Factories
    # ------------------------------------------------------------------

    @classmethod
    def make_customer(cls, name=None, contact=True, **values):
        """A company; ``contact=True`` adds the person in charge of the software, with an e-mail address.

        :param str name: its name
        :param bool contact: with a ``software_contact_id``
        """
        number = next(_numbers)
        # what their chatter says of their making is no test's business
        partners = cls.env["res.partner"].with_context(**ground.SILENT)
        customer = partners.create(
            {
                "name": name or f"Customer {number}",
                "is_company": True,
                "country_id": cls.env.ref("base.cn").id,
                "email": f"office{number}@example.cn",
                "service_user_id": cls.specialist.id,
                **values,
            }
        )
        if contact:
            customer.software_contact_id = partners.create(
                {
                    "name": f"Contact {number}",
                    "parent_id": customer.id,
                    "email": f"contact{number}@example.cn",
                }
            )
        return customer.with_env(cls.env)

    @classmethod
    def make_software(cls, name=None, line=None, price=1000.0, **values):
        """A product without taxes that is installed at customers and sold as service for it.

        :param str name: its name
        :param line: aftersales.product.line, ``cls.line`` by default
        :param float price: list price in the company's currency
        """
        products = cls.env["product.product"].with_context(**ground.SILENT)
        product = products.create(
            {
                "name": name or f"Software {next(_numbers)}",
                "type": "service",
                "list_price": price,
                "taxes_id": False,
                "supplier_taxes_id": False,
                "aftersales_line_id": (line or cls.line).id,
                **values,
            }
        )
        return product.with_env(cls.env)

    @classmethod
    def make_installation(cls, customer=None, product=None, serial=True, end=None, **values):
        """A software at a customer.

        :param customer: res.partner, a new one by default
        :param product: product.product, a new one by default
        :param serial: its serial number; True invents one, a false value leaves it empty
        :param datetime.date end: last day of the first service period, which lasts a year; none by default
        """
        if serial is True:
            serial = f"JY-{next(_numbers):06}"
        vals = {
            "partner_id": (customer or cls.make_customer()).id,
            "product_id": (product or cls.make_software()).id,
            "company_id": cls.company.id,
            "serial_number": serial,
            **values,
        }
        if end:
            vals.setdefault(
                "service_date_start", end - relativedelta(years=1) + relativedelta(days=1)
            )
            vals["service_date_end"] = end
        return cls.env["aftersales.installation"].create(vals)

    @classmethod
    def make_agreement(
        cls,
        installations=None,
        start=None,
        end=None,
        price=1000.0,
        signed=False,
        paid=False,
        **values,
    ):
        """An agreement over installations of one customer and product line, for a year from ``start``.

        :param installations: aftersales.installation records, a new one by default
        :param datetime.date start: first day of the term, today by default
        :param datetime.date end: last day of the term
        :param float price: price of the first line; there is one line for each installation
        :param bool signed: sign it, which makes the invoice
        :param bool paid: sign it and pay the invoice
        """
        if installations is None:
            installations = cls.make_installation()
        start = start or cls.company._aftersales_today()
        agreement = cls.env["contract.contract"].create(
            {
                "is_service_agreement": True,
                "company_id": cls.company.id,
                "partner_id": installations.partner_id.id,
                "product_line_id": installations.product_line_id.id,
                "installation_ids": [Command.set(installations.ids)],
                "user_id": cls.specialist.id,
                "term_start": start,
                "term_end": end or start + relativedelta(years=1, days=-1),
                "contract_line_ids": [
                    Command.create(
                        {
                            "product_id": installation.product_id.id,
                            "name": f"Service for {installation.product_id.name}",
                            "quantity": 1,
                            "price_unit": price if number == 0 else 0.0,
                        }
                    )
                    for number, installation in enumerate(installations)
                ],
                **values,
            }
        )
        if signed or paid:
            cls.sign(agreement)
        if paid:
            cls.pay(agreement)
        return agreement

    @staticmethod
    def sign(agreements, reason=None, **values):
        """Sign agreements for us with all that the dialogue asks for; what was entered on them before is kept.

        :param agreements: contract.contract, in the environment of the user who signs
        :param str reason: of a manager, where something is missing
        :param values: what the dialogue gets instead
        """
        for agreement in agreements:
            day = agreement.signed_on or agreement.company_id._aftersales_today()
            customer = agreement.commercial_partner_id
            agreement.action_sign(
                {
                    "signed_by_id": (agreement.signed_by_id or agreement.env.user).id,
                    "signed_on": day,
                    "is_sealed": True,
                    "return_due_date": agreement.return_due_date or day + relativedelta(days=7),
                    "invoice_contact_id": (
                        agreement.invoice_contact_id or customer.software_contact_id or customer
                    ).id,
                    "invoice_address": agreement.invoice_address or "上海市人民路 1 号",
                    **values,
                },
                reason,
            )

    @staticmethod
    def fax(agreements, **values):
        """Record that agreements, or renewal notices, went to the customer by fax.

        :param agreements: contract.contract, in the environment of the user who sent them
        :param values: what the dialogue gets instead
        """
        for agreement in agreements:
            agreement.action_mark_sent_by_hand(
                {"channel": "fax", "sent_to": "028-12345678", "proof": "fax report 1", **values}
            )

    @classmethod
    def pay(cls, agreement, amount=None, day=None):
        """Register a payment of the agreement's open invoices, as the accountant does.

        :param agreement: contract.contract, signed
        :param float amount: amount of the payment; the whole residual amount by default
        :param datetime.date day: when; today by default
        :return: account.payment records
        """
        values = {"payment_date": day or cls.company._aftersales_today()}
        if amount is not None:
            values["amount"] = amount
        invoices = agreement.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice"
            and move.state == "posted"
            and move.payment_state != "reversed"
        )
        payments = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create(values)
            ._create_payments()
        )
        cls.commit()
        return payments

    @classmethod
    def unpay(cls, payments):
        """Undo payments by setting them back to draft."""
        payments.action_draft()
        cls.commit()

    @classmethod
    def commit(cls):
        """Run the functions before a commit: agreements follow their payments, tracking is written."""
        cls.env.cr.flush()

    @staticmethod
    def day(text):
        """:param str text: ``2026-02-28``; shorthand for tables of dates"""
        return date.fromisoformat(text)
