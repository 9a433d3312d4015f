import json

from odoo.service.model import call_kw
from odoo.tests import JsonRpcException
from odoo.tools import mute_logger
from odoo.tools.json import json_default

# expected kinds of refusals; any other error is a bug
REFUSALS = "AccessError|UserError|ValidationError"
SILENT = ("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_rule")


def call_as(user, model, method, *args, **kwargs):
    """Call a method as the route for it does, without a request.

    :param user: res.users who calls, in the environment of the test
    :return: the answer, as the client would get it
    :raises Exception: whatever the method raises
    """
    env = user.env
    # nothing of what the test or another user has read is in the cache of a request
    env.flush_all()
    env.invalidate_all()
    with env.cr.savepoint():
        records = env(user=user, su=False, context=user.with_user(user).context_get())[model]
        answer = call_kw(records, method, args, kwargs)
        return json.loads(json.dumps(answer, default=json_default))


class RpcClient:
    """Sends RPC requests that no screen would send. For classes of HttpCase."""

    def come(self, user):
        """Sign in as a user; Odoo's test case asks for no password."""
        self.authenticate(user.login, user.login)

    def rpc(self, model, method, *args, **kwargs):
        """Call a method of a model; its records, if any, are the first argument."""
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def call(self, record, method, *args, **kwargs):
        """Call a method of a record, or of its model where there is none."""
        ids = [record.ids] if record else []
        return self.rpc(record._name, method, *ids, *args, **kwargs)

    def assertRefusedRpc(self, model, method, *args, error=REFUSALS, **kwargs):
        msg = (model, method, args)
        with mute_logger(*SILENT), self.assertRaises(JsonRpcException, msg=msg) as caught:
            self.rpc(model, method, *args, **kwargs)
        self.assertRegex(str(caught.exception), error, msg)

    def assertRefusedCall(self, record, method, *args, **kwargs):
        ids = [record.ids] if record else []
        self.assertRefusedRpc(record._name, method, *ids, *args, **kwargs)

    def takes(self, record, method, *args):
        """:return: whether the call of a method of a record was done; False when it was refused"""
        try:
            with mute_logger(*SILENT):
                self.call(record, method, *args)
        except JsonRpcException as error:
            self.assertRegex(str(error), REFUSALS)
            return False
        return True
