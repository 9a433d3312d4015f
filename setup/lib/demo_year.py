"""A year of the demo company, with dates relative to today so that the demo never ages.

All documents are made by the methods a user would call, so that histories, invoices and activities are real. The
random seed is fixed, so that each run makes the same year.
"""

import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from demo_catch_up import DemoCatchUp
from demo_changes import DemoChanges
from demo_clock import frozen
from demo_complaints import DemoComplaints
from demo_notices import DemoNotices
from demo_texts import (
    CUSTOMERS,
    FORMS,
    GIVEN,
    LINES,
    LOST_REASONS,
    POSTS,
    PREFIX,
    SOFTWARE,
    SURNAMES,
    USAGE_NOTES,
)
from demo_tickets import DemoTickets
from demo_work import DemoWork

from odoo.fields import Command, Datetime

ADDON = "jinyang_aftersales"
INSTALLATIONS = 100
# Days from today to the end of service, by kind of customer. Installations take them in turn.
STORIES = {
    "soon": (3, 9, 14, 20, 25),  # notice due or sent, some with an offer
    "far": tuple(range(45, 345, 12)),
    "late": (-3, -12, -25, -40, -70, -110),
}


class DemoYear(DemoTickets, DemoWork, DemoChanges, DemoComplaints, DemoNotices, DemoCatchUp):
    """Builder of the demo company's customers and their year."""

    def __init__(self, env):
        self.env = env(
            context={
                **env.context,
                "lang": "zh_CN",
                "tz": "Asia/Shanghai",
                "mail_create_nosubscribe": True,
                "mail_notify_force_send": False,
                "no_reset_password": True,
            }
        )
        self.random = random.Random(20260101)
        self.company = self.env.company
        # letters are sent at any hour, so that the demo does not depend on the time of its start
        self.company.aftersales_mail_hour = 0
        self.today = self.company._aftersales_today()
        self.specialists = self.users("group_user", but="group_manager")
        self.callers = self.users("group_callback")
        self.managers = self.users("group_manager", but="group_director")
        self.archivists = self.users("group_archivist")

    def users(self, group, but=None):
        """Staff with a group; administrators and members of ``but`` are left out."""
        users = self.env.ref(f"{ADDON}.{group}").all_user_ids.filtered(
            lambda user: user.employee_id
        )
        # in the order of the list of staff, so that everybody has the work that the README names
        users = users - self.env.ref(f"{ADDON}.{but}").all_user_ids if but else users
        return users.sorted("id")

    def build(self):
        """Make the whole year; the order matters."""
        # all deadlines depend on the working days
        self.load_holidays()
        self.make_products()
        self.make_customers()
        self.make_installations()
        self.make_agreements()
        self.make_tickets()
        self.make_work()
        self.make_complaints()
        self.make_implementations()
        self.make_portal_users()

    # -- what is sold, and to whom ---------------------------------------------------------------

    def make_products(self):
        """Software products, and a service product for each product line."""
        self.lines = {}
        for key, (name, brand) in LINES.items():
            line = self.env.ref(f"{ADDON}.aftersales_product_line_{key}")
            line.write({"name": name, "brand": brand})
            self.lines[key] = line
        products = self.env["product.product"]
        tax = self.company.account_sale_tax_id
        self.products, self.fees = [], {}
        for key, name, versions, fee in SOFTWARE:
            product = products.create(
                {
                    "name": name,
                    "type": "service",
                    "aftersales_line_id": self.lines[key].id,
                    "list_price": fee * 5,
                    "taxes_id": [Command.set(tax.ids)],
                }
            )
            self.products.append((key, product, versions))
            self.fees[product] = fee

    def person(self):
        return self.random.choice(SURNAMES) + self.random.choice(GIVEN.split())

    def make_customers(self):
        """About 60 companies with one to three contacts each."""
        self.customers = []
        number = 0
        for city, area, names in CUSTOMERS:
            for name in names.split():
                number += 1
                customer = self.env["res.partner"].create(
                    {
                        "name": f"{city}{name}{self.random.choice(FORMS)}",
                        "is_company": True,
                        "lang": "zh_CN",
                        "country_id": self.env.ref("base.cn").id,
                        "city": city,
                        "street": f"{self.random.choice(('人民路', '解放路', '建设路', '中山路'))}"
                        f"{self.random.randint(1, 300)}号",
                        "phone": f"0{self.random.randint(10, 99)}-{self.random.randint(30000000, 88999999)}",
                        "email": f"office{number:02}@customer.example",
                        "service_area": area,
                        "service_user_id": self.specialists[number % len(self.specialists)].id,
                    }
                )
                contacts = self.env["res.partner"].create(
                    [
                        self.contact(customer, number, which)
                        for which in range(self.random.randint(1, 3))
                    ]
                )
                customer.software_contact_id = contacts[0]
                self.customers.append(customer)
        # some customers without a mail address
        for customer in self.customers[::17]:
            customer.email = False
            customer.child_ids.email = False
        # some want their letters by fax
        for customer in self.customers[5::12]:
            customer.write({"letter_channel": "fax", "fax_number": f"{customer.phone}-800"})

    def contact(self, customer, number, which):
        department, post = self.random.choice(POSTS)
        return {
            "parent_id": customer.id,
            "name": self.person(),
            "function": post,
            "department": department,
            "lang": "zh_CN",
            "email": f"contact{number:02}{'abc'[which]}@customer.example",
            "phone": f"13{self.random.randint(100000000, 999999999)}",
            "qq_number": str(self.random.randint(10000000, 3999999999)),
        }

    def make_installations(self):
        """Every customer has one software, some have two or three."""
        self.installations = []
        # the notices of some are due today
        month = (self.today + relativedelta(months=1) - self.today).days
        ends = [*STORIES["soon"], month, *STORIES["far"], *STORIES["late"]]
        for number in range(INSTALLATIONS):
            customer = self.customers[number % len(self.customers)]
            key, product, versions = self.random.choice(self.products)
            end = self.today + timedelta(days=ends[number % len(ends)])
            start = end - relativedelta(years=1) + timedelta(days=1)
            usage = self.random.choices(list(USAGE_NOTES), (8, 2, 1, 1))[0]
            self.installations.append(
                self.env["aftersales.installation"].create(
                    {
                        "partner_id": customer.id,
                        "product_id": product.id,
                        "version": self.random.choice(versions),
                        "serial_number": f"{PREFIX[key]}-{start:%Y}-{10000 + number * 37}",
                        "installation_date": start,
                        "service_date_start": start,
                        "service_date_end": end,
                        "usage_state": usage,
                        "usage_note": USAGE_NOTES[usage],
                    }
                )
            )
        self.installations[7].serial_state = "irregular"
        self.installations[7].message_post(body="客户将序列号用于第二家门店，已提醒。")
        self.installations[-1].active = False

    # -- agreements ------------------------------------------------------------------------------

    def agreement(self, installation, start, **values):
        """A draft agreement for a year, with the specialist in charge.

        :param installation: the covered software
        :param datetime.date start: first day of its term
        """
        return self.env["contract.contract"].create(
            {
                "is_service_agreement": True,
                "partner_id": installation.partner_id.id,
                "product_line_id": installation.product_line_id.id,
                "installation_ids": [Command.set(installation.ids)],
                "user_id": installation.user_id.id,
                "term_start": start,
                "term_end": start + relativedelta(years=1, days=-1),
                "contract_line_ids": [
                    Command.create(
                        {
                            "product_id": installation.product_id.id,
                            "name": f"{installation.product_id.name} 年度售后服务费",
                            "quantity": 1,
                            "price_unit": self.fees[installation.product_id],
                        }
                    )
                ],
                **values,
            }
        )

    def sign(self, agreement, day, paid=None):
        """Sign an agreement on one day, and pay it on another.

        :param datetime.date day: when it was signed
        :param datetime.date paid: when it was paid; not paid yet when left out
        """
        contact = agreement.partner_id.software_contact_id
        agreement.action_sign(
            {
                "signed_on": day,
                "signed_by_id": agreement.user_id.id,
                "is_sealed": True,
                "return_due_date": day + timedelta(days=5),
                "payment_due_date": day + timedelta(days=3),
                "invoice_contact_id": contact.id,
                "invoice_address": agreement._get_paper_address(agreement.partner_id)
                or agreement.partner_id.name,
            }
        )
        if paid:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=agreement.invoice_ids.ids
            ).create({"payment_date": paid})._create_payments()
            agreement.action_record_copy(
                {
                    "countersigned_on": min(day + timedelta(days=4), self.today),
                    "customer_signatory": contact.name,
                    "is_customer_sealed": True,
                }
            )
            agreement.write(
                {
                    "invoice_sent_on": min(day + timedelta(days=2), self.today),
                    "invoice_courier": "顺丰速运",
                    "invoice_tracking_number": f"SF{self.random.randint(10**11, 10**12 - 1)}",
                }
            )
            self.file_copy(agreement, day)
        # the work that Odoo leaves to the end of a transaction keeps its environments, see demo_clock.frozen
        self.env.cr.flush()

    def file_copy(self, agreement, day):
        """File the countersigned copy of an agreement some days after it was signed.

        :param datetime.date day: when it was signed
        """
        moment = self.company._aftersales_moment(day + timedelta(days=5), 15)
        original = agreement.archive_entry_ids.with_user(self.archivists[0])
        with frozen(self.env, min(moment, Datetime.now())):
            original.action_receive()
            original.place = "合同柜 A-1"
            original.action_file()

    def make_agreements(self):
        """Agreements in every state; installations without an agreement keep their first service period."""
        today = self.today
        covered = [
            inst for number, inst in enumerate(self.installations) if number % 3 and inst.active
        ]
        agreements, fates = {}, {}
        for number, installation in enumerate(covered):
            start = installation.service_date_start
            agreement = self.agreement(installation, start)
            signed = start - timedelta(days=self.random.randint(3, 12))
            self.sign(agreement, signed, paid=signed + timedelta(days=self.random.randint(0, 6)))
            if installation.serial_state == "to_update":
                installation.serial_number = f"{installation.serial_number}-R"
            left = (installation.service_date_end - today).days
            agreements[agreement] = (number, left)
            fates[agreement] = self.get_fate(number, left)
        self.make_notices(fates)
        for agreement, (number, left) in agreements.items():
            if left < 0 and fates[agreement] == "renewing":
                self.renew(
                    agreement, today - timedelta(days=max(-left - 5, 0)), paid=number % 4 == 1
                )
            elif left < 0 and fates[agreement] == "declining":
                self.renewal_of(agreement).action_lose(self.random.choice(LOST_REASONS))
            elif fates[agreement] == "considering":
                self.renewal_of(agreement).action_mark_sent_by_hand(
                    {"channel": "fax", "sent_to": "028-12345678", "proof": "传真报告"}
                )
            elif fates[agreement] == "renewing":
                self.renew(agreement, today - timedelta(days=1), paid=False)
        # one agreement is still a draft
        fresh = next(inst for inst in self.installations if not inst.agreement_ids)
        self.agreement(fresh, fresh.service_date_end + timedelta(days=1))

    @staticmethod
    def get_fate(number, left):
        """What the customer of an agreement answers to the notice; nothing for those who have not decided.

        :param int number: of the agreement
        :param int left: days until its end
        """
        if left < 0:
            return ("declining", "renewing", None, "renewing")[number % 4]
        return ("considering", "renewing", None)[number % 3] if left <= 31 else None

    def renewal_of(self, agreement):
        agreement.action_renew()
        return agreement.renewal_ids[0]

    def renew(self, agreement, day, paid):
        renewal = self.renewal_of(agreement)
        self.sign(renewal, day, paid=min(day + timedelta(days=2), self.today) if paid else None)

    def make_portal_users(self):
        """Two contacts of the first customer and one of the second sign in on the portal."""
        portal = self.env.ref("base.group_portal")
        chosen = [*self.customers[1].child_ids[:2], *self.customers[2].child_ids[:1]]
        for number, contact in enumerate(chosen, 1):
            self.env["res.users"].create(
                {
                    "login": f"customer{number}",
                    "partner_id": contact.id,
                    "lang": "zh_CN",
                    "tz": "Asia/Shanghai",
                    "group_ids": [Command.set(portal.ids)],
                }
            )


def make_year(env):
    """Fill the company with customers, software, agreements and tickets."""
    DemoYear(env).build()


def catch_up(env):
    """Let people do what has been lying for some days."""
    DemoYear(env).catch_up()
