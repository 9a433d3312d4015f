"""The mail queue when the server is killed while sending."""

from collections import Counter

import pytest
import requests

QUEUE = "mail.ir_cron_mail_scheduler_action"


def _queue_mails(database, count):
    with database.env() as env:
        for number in range(count):
            env["mail.mail"].create(
                {
                    "subject": f"到期通知 {number}",
                    "body_html": "<p>您的软件服务即将到期。</p>",
                    "email_from": "service@jinyang.example",
                    "email_to": f"customer{number}@example.com",
                    "auto_delete": False,
                }
            )


def _states(database):
    return Counter(state for (state,) in database.sql("SELECT state FROM mail_mail"))


def _run_queue_until_killed(server):
    with pytest.raises(requests.ConnectionError):
        server.run_job(QUEUE)
    server.wait_gone()


@pytest.mark.parametrize("workers", [0, 2])
def test_f01_killed_between_two_mails_every_mail_is_sent_once(
    database, odoo_server, smtp_sink, workers
):
    _queue_mails(database, 4)
    server = odoo_server(database, workers=workers)
    smtp_sink.on_mail(3, before=lambda: server.kill() or False)
    _run_queue_until_killed(server)
    assert _states(database) == {"sent": 2, "outgoing": 2}

    server.restart()
    server.run_job(QUEUE)
    assert _states(database) == {"sent": 4}
    assert Counter(mail.recipients[0] for mail in smtp_sink.mails) == {
        f"customer{number}@example.com": 1 for number in range(4)
    }
    assert len({mail.message_id for mail in smtp_sink.mails}) == 4


def test_f02_killed_before_it_read_the_answer_one_mail_is_sent_twice_under_one_id(
    database, odoo_server, smtp_sink
):
    _queue_mails(database, 3)
    server = odoo_server(database)
    smtp_sink.on_mail(2, before=server.freeze, after=server.kill)
    _run_queue_until_killed(server)
    assert _states(database) == {"sent": 1, "outgoing": 2}

    server.restart()
    server.run_job(QUEUE)
    assert _states(database) == {"sent": 3}
    assert Counter(mail.subject for mail in smtp_sink.mails) == {
        "到期通知 0": 1,
        "到期通知 1": 2,
        "到期通知 2": 1,
    }
    assert len({mail.message_id for mail in smtp_sink.mails}) == 3


def test_f10_mail_refused_by_a_dead_server_is_marked_and_goes_out_when_tried_again(
    database, odoo_server, smtp_sink
):
    _queue_mails(database, 2)
    server = odoo_server(database)
    smtp_sink.refuse()
    server.run_job(QUEUE)
    assert _states(database) == {"exception": 2}

    smtp_sink.accept()
    rpc = server.rpc()
    failed = rpc("mail.mail", "search", domain=[("state", "=", "exception")])
    rpc("mail.mail", "mark_outgoing", failed)
    server.run_job(QUEUE)
    assert _states(database) == {"sent": 2}
    assert len(smtp_sink.mails) == 2


def test_f13_one_recipient_refused_the_others_get_their_mail(
    database, odoo_server, smtp_sink, log_watch
):
    log_watch.expect(r"failed sending mail[\s\S]*550, b'5\.1\.1 no such user'")
    _queue_mails(database, 3)
    smtp_sink.answer("customer1@example.com", "550 5.1.1 no such user")
    odoo_server(database).run_job(QUEUE)
    assert _states(database) == {"sent": 2, "exception": 1}
    assert [mail.recipients for mail in smtp_sink.mails] == [
        ["customer0@example.com"],
        ["customer2@example.com"],
    ]


def test_the_job_threads_of_a_server_send_the_queue(database, odoo_server, smtp_sink):
    database.only_jobs(QUEUE)
    _queue_mails(database, 2)
    odoo_server(database, max_cron_threads=1)
    database.wake_jobs()
    smtp_sink.wait(2)
    assert database.wait_idle()
    assert _states(database) == {"sent": 2}
