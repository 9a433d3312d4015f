"""A customer signs on the portal, by mouse on a desktop and by finger on a phone; no page is wider than the screen."""

import base64
import io
from datetime import timedelta

import pytest
from harness.form import field
from harness.portal import draw_strokes, overflow
from PIL import Image

CUSTOMER = "成都蜀光机械制造有限公司"
SOFTWARE = "金蝶 KIS 专业版（含固定资产、工资与出纳管理模块）"


@pytest.fixture
def server(database, odoo_server):
    """A server with a customer, 陈静, who has two open offers and two visits to sign."""
    database.new_user(
        "li.wei",
        "jinyang_aftersales.group_user",
        name="李伟",
        email="li.wei@jinyang.example",
        lang="zh_CN",
        tz="Asia/Shanghai",
    )
    with database.env(lang="zh_CN") as env:
        prepare_company(env)
        customer = make_customer(env)
        make_documents(env, customer)
    server = odoo_server(database)
    # links in mails and pictures in PDFs use the address of this server
    database.sql("UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'", server.url)
    return server


def prepare_company(env):
    company = env.company
    company.name = "金洋软件服务有限公司"
    company.email = "service@jinyang.example"
    company.country_id = env.ref("base.cn")
    company.partner_id.tz = "Asia/Shanghai"
    env["account.chart.template"].try_loading("cn", company=company, install_demo=False)


def make_customer(env):
    from odoo.tests import new_test_user

    specialist = env["res.users"].search([("login", "=", "li.wei")])
    customer = env["res.partner"].create(
        {"name": CUSTOMER, "is_company": True, "service_user_id": specialist.id, "lang": "zh_CN"}
    )
    contact = env["res.partner"].create(
        {
            "name": "陈静",
            "parent_id": customer.id,
            "department": "财务部",
            "email": "chenjing@example.cn",
            "lang": "zh_CN",
        }
    )
    customer.software_contact_id = contact
    new_test_user(
        env,
        "chen.jing",
        groups="base.group_portal",
        password="chen.jing",
        context={"no_reset_password": True},
        name=contact.name,
        email=contact.email,
        partner_id=contact.id,
        lang="zh_CN",
        tz="Asia/Shanghai",
    )
    return customer


def make_documents(env, customer):
    contact, specialist = customer.software_contact_id, customer.service_user_id
    today = env.company._aftersales_today()
    product = env["product.product"].create(
        {
            "name": SOFTWARE,
            "type": "service",
            "taxes_id": False,
            "aftersales_line_id": env.ref("jinyang_aftersales.aftersales_product_line_kingdee").id,
        }
    )
    about = {"partner_id": customer.id, "contact_id": contact.id}
    for number in (1, 2):
        installation = env["aftersales.installation"].create(
            {
                "partner_id": customer.id,
                "product_id": product.id,
                "serial_number": f"KD-2026-000{number}-PROFESSIONAL-CN",
                "service_date_start": today - timedelta(days=345),
                "service_date_end": today + timedelta(days=20),
            }
        )
        about["installation_id"] = installation.id
        agreement = env["contract.contract"].browse(
            installation.action_create_agreement()["res_id"]
        )
        agreement.contract_line_ids.price_unit = 1888
        agreement.action_mark_sent_by_hand(
            {"channel": "fax", "sent_to": "028-12345678", "proof": "传真报告"}
        )
        make_visit(env.ref("base.user_admin"), specialist, about)
    env["helpdesk.ticket"].create(
        {
            "name": "资产负债表取数不对",
            "description": "<p>三月取数为零</p>",
            "partner_id": contact.id,
            "installation_id": about["installation_id"],
            "user_id": specialist.id,
        }
    )
    filed = {**about, "filed_by_id": contact.id}
    env["aftersales.application"]._create_unlocked(
        {**filed, "kind": "data_clearing", "description": "清除演示账套"}
    )
    change = env["aftersales.change.request"]._create_unlocked(
        {**filed, "title": "送货单增加司机", "description": "打印司机和车牌"}
    )
    change.action_submit()
    env["aftersales.complaint"].create(
        {
            "partner_id": customer.id,
            "contact_id": contact.id,
            "kind": "delay",
            "origin": "portal",
            "description": "等了两天没有人回电话",
        }
    )


def make_visit(manager, specialist, about):
    """A visit with finished work that waits for the customer's signature."""
    env = manager.env
    manager.group_ids += env.ref("jinyang_aftersales.group_manager")
    now = env.cr.now().replace(microsecond=0)
    visit = (
        env["aftersales.visit"]
        .with_user(specialist)
        .create(
            {
                **about,
                "problem": "服务器更换后软件需要重新安装，并恢复历史账套",
                "address": "成都市高新区天府大道 1 号",
                "technician_ids": [(6, 0, specialist.ids)],
                "date_planned_start": now + timedelta(hours=1),
                "date_planned_end": now + timedelta(hours=3),
                "arrival_agreed_with_id": about["contact_id"],
            }
        )
    )
    visit.action_submit()
    visit.with_user(manager).action_approve("同意")
    visit.action_leave()
    visit.action_arrive()
    visit.result = "已恢复账套并核对余额"


def is_drawn(picture):
    """:return: whether a stored signature is an image with strokes"""
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        alpha = image.convert("RGBA").getchannel("A")
        return image.width > 100 and alpha.getextrema() == (0, 255)


def signed_paper(document):
    """:return: the PDF attached to the message about the customer's signature"""
    [paper] = document.message_ids.attachment_ids.filtered(
        lambda file: file.mimetype == "application/pdf"
    )
    return paper


def own_documents(server, model):
    """:return: ids of the customer's documents of a model, the oldest first"""
    with server.database.env() as env:
        return env[model].search([], order="id").ids


# === Signing === #


def accept_offer(page, number):
    """Accept an offer on its page."""
    page.goto(f"/my/contracts/{number}")
    form = page.locator("form#agreement_accept")
    form.locator("canvas").wait_for()
    draw_strokes(page, form.locator("canvas"))
    assert overflow(page) == ""
    form.locator("button[type=submit]").click()
    page.locator(".alert-success").filter(has_text="陈静").wait_for()


def accept_again(page, number):
    """Accepting again in a tab that was opened before shows an error and signs nothing."""
    form = page.locator("form#agreement_accept")
    draw_strokes(page, form.locator("canvas"))
    form.locator("button[type=submit]").click()
    alert = page.locator(".alert-warning").first
    alert.wait_for()
    text = alert.inner_text()
    assert "已" in text and "接受" in text, text


def sign_visit(page, number, opinion):
    page.goto(f"/my/visits/{number}")
    fill_feedback(page, opinion)
    page.locator("#feedback button[type=submit]").click()
    page.locator(".alert-success").wait_for()
    assert page.locator("#feedback img").count() == 1


def fill_feedback(page, opinion):
    form = page.locator("form#feedback")
    for name, score in (("score_attitude", 5), ("score_skill", 4), ("score_result", 5)):
        form.locator(f"label[for={name}{score}]").click()
    form.locator("[name=customer_opinion]").fill(opinion)
    assert form.locator("[name=signed_by_name]").input_value() == "陈静"
    form.locator("canvas").wait_for()
    draw_strokes(page, form.locator("canvas"))


def sign_again(page):
    """Signing again in a tab that was opened before is refused; the page then shows the first signature."""
    fill_feedback(page, "第二次")
    page.locator("#feedback button[type=submit]").click()
    page.locator("#feedback .alert-warning").filter(has_text="陈静").wait_for()


def check_agreement(server, number):
    with server.database.env() as env:
        agreement = env["contract.contract"].browse(number)
        assert (agreement.accepted_by_name, agreement.acceptance_valid) == ("陈静", True)
        assert is_drawn(agreement.acceptance_signature)
        paper = signed_paper(agreement)
        assert paper.raw.startswith(b"%PDF-") and agreement.name in paper.name
        assert agreement.agreement_stage == "sent", "our side has not signed yet"


def check_visit(server, number, opinion):
    with server.database.env() as env:
        visit = env["aftersales.visit"].browse(number)
        assert (visit.state, visit.signed_by_name, visit.signature_valid) == (
            "feedback",
            "陈静",
            True,
        )
        assert visit.customer_opinion == opinion
        assert (visit.score_attitude, visit.score_skill, visit.score_result) == ("5", "4", "5")
        assert is_drawn(visit.customer_signature)
        paper = signed_paper(visit)
        assert paper.raw.startswith(b"%PDF-") and visit.name in paper.name


def test_offers_and_feedback_forms_are_signed_with_mouse_and_finger(server, browser):
    offers = own_documents(server, "contract.contract")
    visits = own_documents(server, "aftersales.visit")
    # a refused form answers with status 400, which Chromium logs as an error
    browser.expect(r"status of 400.*/my/(visits/\d+/sign|contracts/\d+/accept)")
    for device, offer, visit in zip(("desktop", "phone"), offers, visits, strict=True):
        page = browser.page(server, device, login="chen.jing")
        late = page.context.new_page()
        late.goto(f"/my/contracts/{offer}")
        late.locator("form#agreement_accept canvas").wait_for()
        accept_offer(page, offer)
        late.bring_to_front()
        accept_again(late, offer)
        check_agreement(server, offer)

        late.goto(f"/my/visits/{visit}")
        page.bring_to_front()
        sign_visit(page, visit, f"服务及时，{device}")
        late.bring_to_front()
        sign_again(late)
        check_visit(server, visit, f"服务及时，{device}")

    # the specialist sees the signature in the backend
    staff = browser.page(server, login="li.wei")
    staff.goto(f"/odoo/visits/{visits[0]}")
    field(staff, "signed_by_name").get_by_text("陈静").wait_for()
    field(staff, "customer_signature").locator("img").first.wait_for()
    staff.locator(".o-mail-AttachmentContainer, .o-mail-AttachmentCard").first.wait_for()


# === Every page fits === #

LISTS = (
    "/my",
    "/my/installations",
    "/my/installations?groupby=state",
    "/my/contracts",
    "/my/tickets",
    "/my/tickets?groupby=stage",
    "/my/visits",
    "/my/visits?search=zzz",
    "/my/applications",
    "/my/changes",
    "/my/complaints",
)
FORMS = (
    "/new/ticket",
    "/my/visits/new",
    "/my/applications/new",
    "/my/applications/new?kind=data_clearing",
    "/my/applications/new?kind=password",
    "/my/changes/new",
    "/my/complaints/new",
)
DOCUMENTS = {
    "aftersales.installation": "/my/installations",
    "contract.contract": "/my/contracts",
    "helpdesk.ticket": "/my/ticket",
    "aftersales.visit": "/my/visits",
    "aftersales.application": "/my/applications",
    "aftersales.change.request": "/my/changes",
    "aftersales.complaint": "/my/complaints",
}


def test_no_page_of_the_portal_scrolls_sideways_on_a_phone(server, browser):
    pages = [*LISTS, *FORMS]
    for model, url in DOCUMENTS.items():
        pages.append(f"{url}/{own_documents(server, model)[0]}")
    phone = browser.page(server, "phone", login="chen.jing")
    too_wide = {}
    for url in pages:
        phone.goto(url)
        assert phone.locator("main").count() == 1
        assert phone.url.endswith(url), "the page is not for the customer"
        if sticking_out := overflow(phone):
            too_wide[url] = sticking_out
    assert not too_wide
