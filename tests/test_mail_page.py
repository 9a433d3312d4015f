"""The page that shows the demo's mail, with malicious mails."""

import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage

import pytest
import requests
from harness.settings import REPO, free_port

XSS = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The running mail sink of the demo: its address, and a function that sends it a mail."""
    folder, port = tmp_path_factory.mktemp("mail"), free_port()
    (folder / "secret.eml").write_text("not for everybody")
    ready = folder / "ready"
    script = REPO / "setup" / "lib" / "mailsink.py"
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder / "mails"), str(port), str(ready)]
    )
    end = time.monotonic() + 20
    while not ready.exists():
        assert process.poll() is None and time.monotonic() < end, "the mail sink does not start"
        time.sleep(0.05)

    def send(message, recipients=("customer@example.com",)):
        with smtplib.SMTP("127.0.0.1", int(ready.read_text()), timeout=10) as smtp:
            smtp.sendmail("service@jinyang.example", recipients, bytes(message))

    yield f"http://127.0.0.1:{port}", send
    process.terminate()
    process.wait(10)


def _message(subject, html=None):
    message = EmailMessage()
    message["Subject"], message["From"] = subject, f'"{XSS}" <service@jinyang.example>'
    message["To"] = "customer@example.com"
    message.set_content("纯文本")
    if html:
        message.add_alternative(html, subtype="html")
    return message


def _newest(url):
    answer = requests.get(url, timeout=10)
    return answer.text, url + answer.text.partition('href="')[2].partition('"')[0]


def test_lists_newest_first_and_shows_headers_escaped(page):
    url, send = page
    send(_message("第一封"))
    send(_message(f"第二封 {XSS}"), ["customer@example.com", "blind@example.com"])
    text, newest = _newest(url)
    assert text.index("第二封") < text.index("第一封")
    assert XSS not in text and "&lt;img src=x" in text
    answer = requests.get(newest, timeout=10)
    assert XSS not in answer.text and "纯文本" in answer.text and "blind@example.com" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_body_of_a_mail_is_shown_where_nothing_can_run(page):
    url, send = page
    send(_message("正文", f"<p>您好</p>{XSS}<script>alert(1)</script>"))
    _text, newest = _newest(url)
    frame = requests.get(newest, timeout=10).text
    assert (
        'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame and "<script" not in frame
    )
    body = requests.get(f"{newest}/html", timeout=10)
    assert "<p>您好</p>" in body.text
    policy = body.headers["Content-Security-Policy"]
    assert (
        policy.startswith("sandbox ")
        and "allow-scripts" not in policy
        and "default-src 'none'" in policy
    )


def test_attachments_are_for_saving_only(page):
    url, send = page
    message = _message("附件")
    message.add_attachment(
        b"<script>1</script>", maintype="text", subtype="html", filename="../../到期\r\n.html"
    )
    send(message)
    _text, newest = _newest(url)
    answer = requests.get(f"{newest}/attachment/0", timeout=10)
    assert answer.content == b"<script>1</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''") and "/" not in disposition
    assert requests.get(f"{newest}/attachment/1", timeout=10).status_code == 404


def test_a_broken_mail_does_not_break_the_page(page):
    url, send = page
    send(
        b"Subject: =?utf-8?q?=ff=fe?=\r\nFrom: \xff\xfe <@>\r\nDate: never\r\n"
        b"Content-Type: text/html; charset=nonsense\r\n\r\n\xff<b>"
    )
    _text, newest = _newest(url)
    for address in (url, newest, f"{newest}/html", f"{newest}/source"):
        assert requests.get(address, timeout=10).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/mail/../secret",
        "/mail/..%2Fsecret",
        "/mail/..%2Fsecret/source",
        "/mail/%2Fetc%2Fpasswd/source",
        "/mail/20260101T000000000000-1/source",
        "/secret.eml",
        "//etc/passwd",
    ],
)
def test_nothing_but_mails_can_be_named(page, path):
    url, _send = page
    answer = requests.Session().send(_as_is(url, path), timeout=10)
    assert answer.status_code == 404
    assert "not for everybody" not in answer.text


def _as_is(url, path):
    request = requests.Request("GET", url).prepare()
    request.url = url + path
    return request


def test_a_foreign_name_for_this_machine_is_refused(page):
    url, _send = page
    answer = requests.get(url, headers={"Host": "evil.example"}, timeout=10)
    assert answer.status_code == 421
