"""Rights of every role on tickets, by the ORM and by RPC.

Specialists read all tickets and change those in reach: assigned to or made by them, of their customers, teams and
visits, and those without user and team.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..common_rpc import RpcClient
from .common_record import RecordCommon

ROLES = (
    "director",
    "manager",
    "specialist",
    "colleague",
    "callback",
    "archivist",
    "developer",
    "employee",
    "accountant",
)
MANAGERS = {"director", "manager"}
# the specialist made the ticket; the colleague is a specialist who does not have it in reach
WRITERS = MANAGERS | {"specialist"}
# call-back specialists read the tickets they ask customers about
READERS = WRITERS | {"colleague", "callback"}
STAGES = ("new", "in_progress", "awaiting", "done", "cancelled", "rejected")


class TicketRights(RecordCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the specialist has only the ticket in reach, not the customer
        cls.customer.service_user_id = cls.manager

    def outcome(self, attempt):
        """:return: whether it succeeded; it is rolled back in any case"""
        savepoint = self.cr.savepoint()
        try:
            attempt()
            self.env.flush_all()
            return True
        except (AccessError, UserError):
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTicketRights(TicketRights):
    def test_every_role_moves_what_it_may_between_all_stages(self):
        for start in STAGES:
            ticket = self.complete(self.make_ticket())
            ticket.stage_id = self.stage[start]
            for role in ROLES:
                own = ticket.with_user(getattr(self, role))
                writes = own.has_access("write")
                self.assertEqual(writes, role in WRITERS, (start, role))
                # without the right to write, one stage is tried as an example
                for name in STAGES if writes else STAGES[-1:]:
                    done = self.outcome(
                        lambda t=own, n=name: t.write({"stage_id": self.stage[n].id})
                    )
                    self.assertEqual(done, role in WRITERS, (start, name, role))

    def test_no_role_closes_an_incomplete_record(self):
        for role in ROLES:
            ticket = self.make_ticket().with_user(getattr(self, role))
            self.assertFalse(
                self.outcome(lambda t=ticket: t.write({"stage_id": self.stage["done"].id})), role
            )

    def test_reading_writing_creating_and_deleting(self):
        for role in ROLES:
            user = getattr(self, role)
            ticket = self.ticket.with_user(user)
            with self.subTest(role=role):
                self.assertEqual(ticket.has_access("read"), role in READERS)
                self.assertEqual(ticket.has_access("write"), role in WRITERS)
                self.assertEqual(ticket.has_access("unlink"), role in MANAGERS)
                creates = self.env["helpdesk.ticket"].with_user(user).has_access("create")
                self.assertEqual(creates, role in WRITERS | {"colleague"})
                done = self.outcome(lambda t=ticket: t.action_service_done())
                self.assertEqual(done, role in WRITERS)

    def test_what_brings_a_ticket_into_reach(self):
        team = self.env["helpdesk.ticket.team"].create({"name": "Own"})
        ticket = self.ticket.with_user(self.colleague)
        self.assertFalse(ticket.has_access("write"))
        visit = {
            "partner_id": self.customer.id,
            "ticket_id": ticket.id,
            "technician_ids": [(6, 0, self.colleague.ids)],
        }
        for way in (
            lambda: self.ticket.sudo().write({"user_id": self.colleague.id}),
            lambda: self.customer.write({"service_user_id": self.colleague.id}),
            lambda: (
                team.write({"user_ids": [(4, self.colleague.id)]}),
                self.ticket.sudo().write({"team_id": team.id}),
            ),
            lambda: self.ticket.sudo().write({"user_id": False}),
            lambda: self.env["aftersales.visit"].create(visit),
        ):
            savepoint = self.cr.savepoint()
            way()
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertTrue(ticket.has_access("write"))
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_what_belongs_to_another_team_is_not_picked_up(self):
        team = self.env["helpdesk.ticket.team"].create({"name": "Others"})
        self.ticket.sudo().write({"user_id": False, "team_id": team.id})
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.colleague).user_id = self.colleague

    def test_nobody_takes_a_ticket_of_a_colleague_over(self):
        for values in (
            {"user_id": self.colleague.id},
            {"team_id": False, "user_id": False},
            {"visit_ids": [(0, 0, {"partner_id": self.customer.id})]},
        ):
            with self.assertRaises(AccessError):
                self.ticket.with_user(self.colleague).write(values)

    def test_helpdesk_users_without_a_role_keep_their_rights(self):
        helpdesk = self.make_user("helpdesk", "helpdesk_mgmt.group_helpdesk_user")
        self.assertTrue(self.ticket.with_user(helpdesk).has_access("write"))

    def test_other_company_changes_nothing(self):
        other = self.make_company("Elsewhere")
        stranger = self.make_user(
            "elsewhere",
            "jinyang_aftersales.group_director",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        ticket = self.ticket.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(ticket.has_access("read"))
        self.assertFalse(ticket.has_access("write"))


@tagged("post_install", "-at_install")
class TestTicketRpc(RpcClient, TicketRights, HttpCase):
    def test_every_role_over_the_wire(self):
        for role in ROLES:
            self.come(getattr(self, role))
            complete = self.complete(self.make_ticket())
            for name in STAGES:
                values = {"stage_id": self.stage[name].id}
                done = self.takes(complete, "write", values)
                self.assertEqual(done, role in WRITERS, (role, name))
            ticket = self.make_ticket()
            values = {"stage_id": self.stage["done"].id}
            self.assertFalse(self.takes(ticket, "write", values), role)
            self.assertEqual(self.takes(ticket, "read", ["name"]), role in READERS, role)
            self.assertEqual(self.takes(ticket, "action_service_done"), role in WRITERS, role)
            self.assertEqual(self.takes(ticket, "unlink"), role in MANAGERS, role)
