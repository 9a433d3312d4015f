"""Visits for tests: factories, and steps to bring one to a state."""

import base64
import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import fields
from odoo.fields import Command

from .. import common


def drawing(width=300):
    """:return: a drawn signature as base64, like that of the web client"""
    image = Image.new("RGB", (width, 100), "white")
    ImageDraw.Draw(image).line((10, 80, 120, 20, 280, 70), fill="black", width=3)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


class VisitCommon(common.AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # forms are handed in by hand, except where a test says otherwise
        cls.company.aftersales_phone_form_received = False
        cls.customer = cls.make_customer("武汉恒达机械有限公司", city="武汉", street="珞瑜路 1 号")
        cls.contact = cls.customer.software_contact_id
        cls.tomorrow = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1)

    @classmethod
    def make_visit(cls, user=None, state=None, technicians=None, start=None, **values):
        """A visit of two hours, 24 hours from now, brought to a state by users with the rights for each step.

        :param user: res.users who plans it, the specialist by default
        :param str state: state to reach
        :param technicians: res.users, the specialist by default
        :param datetime.datetime start: arrival
        """
        start = start or cls.tomorrow
        visit = (
            cls.env["aftersales.visit"]
            .with_user(user or cls.specialist)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "problem": "月末结账报错",
                    "date_planned_start": start,
                    "date_planned_end": start + timedelta(hours=2),
                    "arrival_agreed_with_id": cls.contact.id,
                    "technician_ids": [Command.set((technicians or cls.specialist).ids)],
                    **values,
                }
            )
        )
        return cls.bring(visit, state)

    @classmethod
    def bring(cls, visit, state):
        """Take a visit from the draft to a state, each step by a user with the right to it."""
        if state in (None, "draft"):
            return visit
        manager = visit.with_user(cls.manager)
        if state == "cancelled":
            visit.action_cancel("Not needed")
            return visit
        visit.action_submit()
        if state == "refused":
            manager.action_refuse("Not needed")
        if state in ("submitted", "refused"):
            return visit
        manager.action_approve()
        if state == "approved":
            return visit
        visit.action_leave()
        if state == "on_site":
            return visit
        visit.action_arrive()
        visit.write(cls.feedback())
        visit.action_sign()
        if state == "feedback":
            return visit
        visit.action_return()
        cls.complete(visit)
        visit.action_done()
        return visit

    @classmethod
    def feedback(cls, **values):
        return {
            "result": "重新结账成功",
            "customer_opinion": "很满意",
            "score_attitude": "5",
            "score_skill": "4",
            "score_result": "3",
            "signed_by_id": cls.contact.id,
            "customer_signature": drawing(),
            **values,
        }

    @classmethod
    def complete(cls, visit):
        """Fill in the service record of a visit, as its lead technician."""
        ticket = visit.ticket_id.with_user(visit.lead_technician_id)
        ticket.category_id = cls.env.ref("jinyang_aftersales.helpdesk_ticket_category_need")
        texts = {
            name: "Said"
            for name in ticket._get_missing_record_fields()
            if ticket._fields[name].type in ("char", "text")
        }
        ticket.write({**texts, "contact_id": cls.contact.id})
        return ticket
