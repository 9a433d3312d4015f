"""Agreements that two users sign, invoice, renew or pay at the same time."""

import base64
import io
from datetime import timedelta

import pytest
from PIL import Image

MODEL = "contract.contract"
SPECIALIST = "race_specialist"


@pytest.fixture
def agreement(database):
    """A draft agreement of a specialist, over an installation whose service ends in 20 days. Gives its id."""
    database.new_user(
        SPECIALIST, "jinyang_aftersales.group_user", name="李伟", email="li@jinyang.example"
    )
    with database.env() as env:
        company = env.company
        company.country_id = env.ref("base.cn")
        company.partner_id.tz = "Asia/Shanghai"
        env["account.chart.template"].try_loading("cn", company=company, install_demo=False)
        user = env["res.users"].search([("login", "=", SPECIALIST)])
        today = company._aftersales_today()
        product = env["product.product"].create(
            {
                "name": "金蝶 KIS 专业版",
                "type": "service",
                "taxes_id": False,
                "aftersales_line_id": env.ref(
                    "jinyang_aftersales.aftersales_product_line_kingdee"
                ).id,
            }
        )
        customer = env["res.partner"].create(
            {"name": "成都蜀光机械制造有限公司", "is_company": True, "service_user_id": user.id}
        )
        installation = env["aftersales.installation"].create(
            {
                "partner_id": customer.id,
                "product_id": product.id,
                "serial_number": "KD-2026-0001",
                "service_date_start": today - timedelta(days=345),
                "service_date_end": today + timedelta(days=20),
            }
        )
        action = installation.action_create_agreement()
        contract = env[MODEL].browse(action["res_id"])
        contract.contract_line_ids.price_unit = 1200
        return contract.id


def sign(env, agreement):
    """Sign for us, as the dialogue does."""
    contract = env[MODEL].browse(agreement)
    today = contract.company_id._aftersales_today()
    contract.action_sign(
        {
            "signed_by_id": env.uid,
            "signed_on": today,
            "is_sealed": True,
            "return_due_date": today + timedelta(days=7),
            "invoice_contact_id": contract.partner_id.id,
            "invoice_address": "上海市人民路 1 号",
        }
    )


def act(method, agreement, **context):
    """A contestant that calls a method of the agreement."""

    def run(env):
        return getattr(env[MODEL].with_context(**context).browse(agreement), method)()

    return run


def signing(agreement):
    """A contestant that signs the agreement."""
    return lambda env: sign(env, agreement)


def count(database, table, **wanted):
    where = " AND ".join(f"{name} = %s" for name in wanted) or "true"
    return database.sql(f"SELECT count(*) FROM {table} WHERE {where}", *wanted.values())[0][0]


def refused(outcomes):
    return [str(outcome.error) for outcome in outcomes if outcome.error]


def test_signed_in_two_tabs_it_has_one_invoice(database, agreement, race):
    outcomes = race(signing(agreement), signing(agreement), login=SPECIALIST)
    assert len(refused(outcomes)) == 1
    assert "already" in refused(outcomes)[0] or "已" in refused(outcomes)[0]
    assert count(database, "account_move", move_type="out_invoice", state="posted") == 1


def test_an_invoice_made_again_in_two_tabs_is_made_once(database, agreement, race):
    with database.env() as env:
        contract = env[MODEL].browse(agreement)
        sign(env, agreement)
        contract.invoice_ids.button_cancel()
    create = act("action_create_invoice", agreement)
    assert len(refused(race(create, create, login=SPECIALIST))) == 1
    assert count(database, "account_move", move_type="out_invoice", state="posted") == 1


def test_signing_and_losing_at_once_leaves_one_of_the_two(database, agreement, race):
    outcomes = race(
        signing(agreement),
        lambda env: env[MODEL].browse(agreement).action_lose("太贵"),
        login=SPECIALIST,
    )
    assert len(refused(outcomes)) == 1
    [(stage,)] = database.sql(
        "SELECT agreement_stage FROM contract_contract WHERE id = %s", agreement
    )
    posted = count(database, "account_move", move_type="out_invoice", state="posted")
    assert (stage, posted) in (("signed", 1), ("lost", 0))


def test_renewed_in_two_tabs_there_is_one_renewal(database, agreement, race, log_watch):
    log_watch.expect(r"bad query: [\s\S]*contract_contract_one_renewal")
    with database.env() as env:
        sign(env, agreement)
    renew = act("action_renew", agreement)
    outcomes = race(renew, renew, login=SPECIALIST)
    assert any(outcome.value for outcome in outcomes)
    assert count(database, "contract_contract", renewal_of_id=agreement) == 1


def test_paid_twice_at_once_the_period_moves_once(database, agreement, race):
    with database.env() as env:
        sign(env, agreement)

    def pay(env):
        invoice = env[MODEL].browse(agreement).invoice_ids
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()

    race(pay, pay)
    with database.env() as env:
        contract = env[MODEL].browse(agreement)
        rows = contract.installation_ids.period_ids.filtered("contract_id")
        assert contract.paid_on
        assert len(rows.filtered("effective")) == 1
        assert contract.installation_ids.service_date_end == contract.term_end
        activities = contract.installation_ids.activity_ids
        assert len(activities) == 1


def test_paying_and_undoing_at_once_agree_in_the_end(database, agreement, race):
    with database.env() as env:
        contract = env[MODEL].browse(agreement)
        sign(env, agreement)
        payment = (
            env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=contract.invoice_ids.ids)
            .create({})
            ._create_payments()
        )
        payment_id, invoice_id = payment.id, contract.invoice_ids.id
    race(
        lambda env: env["account.payment"].browse(payment_id).action_draft(),
        lambda env: env["account.move"].browse(invoice_id).button_draft(),
    )
    with database.env() as env:
        contract = env[MODEL].browse(agreement)
        assert not contract.paid_on
        assert not contract.installation_ids.period_ids.filtered("contract_id").filtered(
            "effective"
        )


def test_accepted_five_times_at_once_the_others_read_that_it_is_accepted(database, agreement, race):
    """M66: four of five read that the offer is accepted, not about rows of the database."""
    with database.env() as env:
        env[MODEL].browse(agreement)._enter("sent")

    stream = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(stream, "PNG")
    drawing = base64.b64encode(stream.getvalue())

    def accept(env):
        offer = env[MODEL].browse(agreement)
        offer._accept_offer("李娜", drawing, offer.partner_id, "127.0.0.1")

    outcomes = race(*[accept] * 5)
    assert len(refused(outcomes)) == 4
    for text in refused(outcomes):
        assert "already been accepted" in text or "已" in text
    assert (
        count(database, "mail_message", model=MODEL, res_id=agreement, message_type="comment") == 1
    )
