"""Every role tries every step in every state, with as few steps taken for real as tell the same."""

from collections import Counter

from odoo.exceptions import AccessError, UserError


def share_out(steps):
    """Give each step to one of several roles, and no role much more than the others.

    :param dict steps: names of roles, by step
    :return: pairs of a role and its step, those of a role together
    :rtype: list
    """
    taken = Counter()
    shares = []
    for step, roles in sorted(steps.items(), key=lambda item: len(item[1])):
        role = min(sorted(roles), key=taken.__getitem__)
        taken[role] += 1
        shares.append((role, step))
    missing = set().union(*steps.values()) - taken.keys()
    assert not missing, f"more roles than steps: {missing}"
    return sorted(shares)


class StepMatrix:
    """For tests of documents with states.

    What is to work is done for real each time, and so is what is to be refused where a state offers the step, or where
    the role with the most rights takes it. What is left is asked of ``has_access`` and of the function that tells the
    steps what is in the way.
    """

    def assertSteps(self, document, offered, actions, roles, arguments):
        """Let each role try each step on a document.

        :param document: in one of its states, ready for every step of it
        :param dict offered: the roles that may take a step, by the name of its action; steps that the state does
            not offer are missing
        :param actions: names of all actions
        :param dict roles: res.users by the name of the role; the first one may do the most
        :param dict arguments: arguments of an action, by its name
        """
        strongest = next(iter(roles))
        for role, user in roles.items():
            own = document.with_user(user)
            for action in actions:
                if action in offered or role == strongest or not self.is_barred(own, action):
                    told = (document.sudo().state, action, role)
                    with self.subTest(told):
                        done = self.try_step(own, action, *arguments.get(action, ()))
                        self.assertEqual(done, role in offered.get(action, ()), told)

    def is_barred(self, document, action):
        """:return: whether a step is in nobody's hands who asks first, without taking it"""
        if not document.has_access("write"):
            return True
        targets = {step.target for step in document._steps if step.action == action}
        return bool(targets) and all(document._get_step_obstacle(action, to) for to in targets)

    def try_step(self, document, action, *arguments):
        """Take a step, then undo it.

        :return: whether it was taken; False when it was refused
        """
        before = document.sudo().state
        done = self.is_done(getattr(document, action), *arguments)
        self.assertEqual(document.sudo().state, before)
        return done

    def is_done(self, function, *arguments):
        """Call a method of a record, then undo what it did.

        :return: whether the call went through; False when it was refused
        """
        point = self.cr.savepoint()
        try:
            function(*arguments)
            self.env.flush_all()
        except (AccessError, UserError):
            return False
        finally:
            point.close(rollback=True)
            self.env.invalidate_all()
        return True
