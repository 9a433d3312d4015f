"""Renewal notices with real servers: the letter arrives once, also with crashes and concurrent runs."""

import re
import subprocess
import threading
import unicodedata
from collections import Counter
from datetime import timedelta

import pytest
import requests
from harness.agreements import sign_agreement

JOB = "jinyang_aftersales.ir_cron_hourly"
QUEUE = "mail.ir_cron_mail_scheduler_action"
CUSTOMERS = ["成都蜀光机械制造有限公司", "重庆山城餐饮管理有限公司", "昆明翠湖茶业有限公司"]


@pytest.fixture
def due(database):
    """Three customers whose service ends in 20 days; the first one has a signed agreement.

    Gives the last day of service.
    """
    with database.env(lang="zh_CN") as env:
        company = env.company
        company.write({"email": "service@jinyang.example", "aftersales_mail_hour": 0})
        company.partner_id.write({"lang": "zh_CN", "tz": "Asia/Shanghai"})
        company.alias_domain_id = env["mail.alias.domain"].create({"name": "jinyang.example"})
        end = company._aftersales_today() + timedelta(days=20)
        start = end - timedelta(days=364)
        line = env.ref("jinyang_aftersales.aftersales_product_line_kingdee")
        product = env["product.product"].create(
            {"name": "金蝶 KIS 专业版", "type": "service", "aftersales_line_id": line.id}
        )
        for number, name in enumerate(CUSTOMERS):
            customer = env["res.partner"].create(
                {
                    "name": name,
                    "is_company": True,
                    "lang": "zh_CN",
                    "email": f"office{number}@customer.example",
                }
            )
            customer.software_contact_id = env["res.partner"].create(
                {
                    "name": "王丽",
                    "parent_id": customer.id,
                    "lang": "zh_CN",
                    "email": f"wang{number}@customer.example",
                }
            )
            installation = env["aftersales.installation"].create(
                {
                    "partner_id": customer.id,
                    "product_id": product.id,
                    "version": "15.0",
                    "serial_number": f"KD-2026-{number:04}",
                    "installation_date": start,
                    "service_date_start": start,
                    "service_date_end": end,
                }
            )
            if number == 0:
                sign_agreement(env, installation, start, end)
    return end


def recipients(sink):
    return Counter(address for mail in sink.mails for address in mail.recipients)


EVERYBODY = {f"wang{number}@customer.example": 1 for number in range(len(CUSTOMERS))}


def mails(database):
    """:return: how many letters to customers are in each state; tasks of the staff are told by mail, too"""
    return Counter(
        state
        for (state,) in database.sql(
            "SELECT mail.state FROM mail_mail mail"
            " JOIN aftersales_renewal_notice notice ON notice.mail_id = mail.id"
        )
    )


def notices(database):
    return Counter(
        state for (state,) in database.sql("SELECT state FROM aftersales_renewal_notice")
    )


def pdf_text(content, folder):
    path = folder / "letter.pdf"
    path.write_bytes(content)
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    return unicodedata.normalize("NFKC", text)


def test_the_customer_gets_one_mail_with_the_letter_in_chinese(
    database, due, odoo_server, smtp_sink, tmp_path
):
    server = odoo_server(database)
    for _hour in range(5):
        server.run_job(JOB)
        server.run_job(QUEUE)
    assert recipients(smtp_sink) == EVERYBODY
    [mail] = [mail for mail in smtp_sink.mails if mail.recipients == ["wang1@customer.example"]]
    assert "金蝶软件售后服务到期通知函" in mail.subject
    day = f"{due.year}年{due.month}月{due.day}日"
    body = re.sub(r"<[^>]+>", " ", mail.body())
    for text in (CUSTOMERS[1], "金蝶 KIS 专业版", "KD-2026-0001", day):
        assert text in body, text
    # no other token than that of the letter's own page
    assert not re.search(r"auth_signup_token|[?&]hash=", mail.body())
    assert len(re.findall("access_token", mail.body())) == 1
    assert re.search(r"/renewal/\d+\?access_token=", mail.body())
    [letter] = list(mail.message.iter_attachments())
    assert letter.get_content_type() == "application/pdf"
    assert letter.get_filename().endswith(".pdf")
    text = pdf_text(letter.get_content(), tmp_path)
    for expected in ("售后服务到期通知函", CUSTOMERS[1], "金蝶 KIS 专业版", "KD-2026-0001", day):
        assert expected.replace(" ", "") in text.replace(" ", ""), expected
    for other in (CUSTOMERS[0], CUSTOMERS[2], "KD-2026-0002"):
        assert other not in text
    assert notices(database) == {"sent": 3}
    assert database.sql("SELECT count(*) FROM aftersales_callback WHERE state = 'todo'") == [(3,)]


def test_a_reply_lands_on_the_agreement(database, due, odoo_server, smtp_sink):
    server = odoo_server(database)
    server.run_job(JOB)
    server.run_job(QUEUE)
    [mail] = [mail for mail in smtp_sink.mails if mail.recipients == ["wang0@customer.example"]]
    reply_to = str(mail.message["Reply-To"])
    reply = (
        f"From: wang0@customer.example\r\nTo: {reply_to}\r\nSubject: Re: x\r\nMessage-Id: <a1@customer.example>\r\n"
        f"In-Reply-To: {mail.message_id}\r\nReferences: {mail.message_id}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n我们要续签，请发合同。\r\n"
    )
    with database.env() as env:
        env["mail.thread"].message_process(None, reply.encode())
        agreement = env["contract.contract"].search([("is_service_agreement", "=", True)])
        assert "我们要续签" in agreement.message_ids[0].body
        assert agreement.message_ids[0].author_id.email == "wang0@customer.example"


def test_f01_killed_between_two_mails_each_customer_is_told_once(
    database, due, odoo_server, smtp_sink
):
    server = odoo_server(database)
    server.run_job(JOB)
    smtp_sink.on_mail(2, before=lambda: server.kill() or False)
    with pytest.raises(requests.ConnectionError):
        server.run_job(QUEUE)
    assert recipients(smtp_sink).total() == 1
    server.restart()
    server.run_job(JOB)
    server.run_job(QUEUE)
    assert recipients(smtp_sink) == EVERYBODY
    assert notices(database) == {"sent": 3}


def test_f02_killed_before_it_read_the_answer_the_second_mail_has_the_same_id(
    database, due, odoo_server, smtp_sink
):
    server = odoo_server(database)
    server.run_job(JOB)
    smtp_sink.on_mail(1, before=server.freeze, after=server.kill)
    with pytest.raises(requests.ConnectionError):
        server.run_job(QUEUE)
    server.restart()
    server.run_job(JOB)
    server.run_job(QUEUE)
    assert set(recipients(smtp_sink)) == set(EVERYBODY)
    assert len({mail.message_id for mail in smtp_sink.mails}) == 3
    assert notices(database) == {"sent": 3}


def test_f03_killed_while_it_makes_the_notices_they_are_made_once(
    database, due, odoo_server, smtp_sink
):
    server = odoo_server(database)
    # the job waits for this lock with created but uncommitted notices
    with database.env() as env:
        env.cr.execute("LOCK TABLE mail_mail IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(requests.ConnectionError):
            threading.Timer(4, server.kill).start()
            server.run_job(JOB)
    server.restart()
    server.run_job(JOB)
    server.run_job(QUEUE)
    assert recipients(smtp_sink) == EVERYBODY
    assert notices(database) == {"sent": 3}


def test_f06_two_transactions_at_once_make_each_notice_once(database, due, race, log_watch):
    # of two transactions that draw the first number of a year, the later one is retried
    log_watch.expect("ir_sequence_date_range")

    def create(env):
        company = env.company
        env["aftersales.renewal.notice"]._create_due(company, company._aftersales_today())

    outcomes = race(create, create)
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert database.sql("SELECT count(*) FROM aftersales_renewal_notice") == [(3,)]
    assert database.sql("SELECT count(*) FROM aftersales_callback") == [(3,)]


def test_two_transactions_at_once_queue_each_mail_once(database, due, race):
    with database.env() as env:
        env["aftersales.renewal.notice"]._create_due(env.company, env.company._aftersales_today())

    def send(env):
        env["aftersales.renewal.notice"]._send_pending(env.company)

    outcomes = race(send, send)
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert notices(database) == {"sent": 3}
    assert mails(database) == {"outgoing": 3}


def test_f10_a_dead_mail_server_loses_nothing(database, due, odoo_server, smtp_sink):
    server = odoo_server(database)
    smtp_sink.refuse()
    server.run_job(JOB)
    server.run_job(QUEUE)
    assert mails(database) == {"exception": 3}
    smtp_sink.accept()
    server.run_job(JOB)
    server.run_job(QUEUE)
    assert recipients(smtp_sink) == EVERYBODY


def test_f13_a_refused_address_becomes_a_letter_on_paper(
    database, due, odoo_server, smtp_sink, log_watch
):
    log_watch.expect(r"failed sending mail[\s\S]*550")
    smtp_sink.answer("wang1@customer.example", "550 5.1.1 no such user")
    server = odoo_server(database)
    server.run_job(JOB)
    server.run_job(QUEUE)
    server.run_job(JOB)
    assert notices(database) == {"sent": 2, "print": 1}
    assert recipients(smtp_sink) == {"wang0@customer.example": 1, "wang2@customer.example": 1}
