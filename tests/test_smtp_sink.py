"""The faults of the mail sink of the tests."""

import smtplib

import pytest


def _send(sink, recipient="a@example.com", timeout=5):
    with smtplib.SMTP(sink.host, sink.port, timeout=timeout) as smtp:
        smtp.sendmail("s@example.com", [recipient], "Subject: =?utf-8?b?5L2g5aW9?=\r\n\r\nbody\r\n")


def test_keeps_mails_parsed(smtp_sink):
    _send(smtp_sink)
    [mail] = smtp_sink.wait(1)
    assert (mail.sender, mail.recipients) == ("s@example.com", ["a@example.com"])
    assert (mail.subject, mail.body("plain").strip()) == ("你好", "body")


def test_refuses_hangs_and_takes_mail_again(smtp_sink):
    smtp_sink.refuse()
    with pytest.raises(ConnectionRefusedError):
        _send(smtp_sink)
    smtp_sink.accept()
    _send(smtp_sink)
    smtp_sink.hang()
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        _send(smtp_sink, timeout=0.3)
    smtp_sink.accept()
    _send(smtp_sink)
    assert len(smtp_sink.mails) == 2


@pytest.mark.parametrize("reply", ["450 4.2.1 try later", "550 5.1.1 no such user"])
def test_answers_a_recipient_as_told(smtp_sink, reply):
    smtp_sink.answer("B@example.com", reply)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        _send(smtp_sink, "b@example.com")
    code, text = refused.value.recipients["b@example.com"]
    assert f"{code} {text.decode()}" == reply
    _send(smtp_sink, "c@example.com")
    assert [mail.recipients for mail in smtp_sink.mails] == [["c@example.com"]]


def test_drops_the_connection_at_a_mail_and_keeps_it_not(smtp_sink):
    smtp_sink.drop_at(2)
    _send(smtp_sink)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        _send(smtp_sink)
    _send(smtp_sink)
    assert (smtp_sink.attempts, len(smtp_sink.mails)) == (3, 2)


def test_calls_back_before_and_after_the_answer(smtp_sink):
    seen = []
    smtp_sink.on_mail(
        1,
        before=lambda: seen.append(("before", len(smtp_sink.mails))),
        after=lambda: seen.append(("after", len(smtp_sink.mails))),
    )
    _send(smtp_sink)
    assert seen == [("before", 0), ("after", 1)]
