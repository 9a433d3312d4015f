"""A mail server for the demo: stores every mail in a folder and shows them on a page. No mail leaves 127.0.0.1.

Usage: mailsink.py FOLDER HTTP_PORT READY_FILE

Takes mail on a free port of 127.0.0.1 and writes its number into READY_FILE when both servers listen.
"""

import asyncio
import base64
import email
import email.policy
import os
import re
import sys
import threading
from datetime import datetime, timezone
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from aiosmtpd.smtp import SMTP

HOST = "127.0.0.1"
PER_PAGE = 100
MAIL_ID = r"\d{8}T\d{12}-\d+"
# Header added by this server: the recipients of the SMTP envelope, which include blind copies.
RECIPIENTS = "X-Delivered-To"
STYLE = """
body { font: 15px/1.5 system-ui, 'Noto Sans CJK SC', sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid #ddd; padding: .4rem; text-align: left }
a { color: #15607a } iframe { border: 1px solid #ddd; height: 36rem; width: 100% } pre { white-space: pre-wrap }
"""
# The page runs no scripts and loads no resources. Mails may show pictures of this machine and open links in a new tab.
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline';"
    f" img-src data: http://{HOST}:*; base-uri 'none'; form-action 'none'"
)


class Mails:
    """The folder of mails, one ``.eml`` file each, named by the time they came."""

    def __init__(self, folder):
        self.folder = folder
        self._count = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - name given by aiosmtpd
        """Keep a mail; called by aiosmtpd."""
        self._count += 1
        name = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S%f}-{self._count}"
        half = self.folder / f"{name}.half"
        header = f"{RECIPIENTS}: {', '.join(envelope.rcpt_tos)}\r\n"
        half.write_bytes(header.encode("utf-8", "replace") + envelope.content)
        os.replace(half, self.folder / f"{name}.eml")
        return "250 OK"

    def newest(self, page):
        """Return the ids of one page of mails, newest first, and whether older ones follow.

        :param int page: counts from 0
        :rtype: tuple[list[str], bool]
        """
        names = sorted((path.stem for path in self.folder.glob("*.eml")), reverse=True)
        first = page * PER_PAGE
        return names[first : first + PER_PAGE], len(names) > first + PER_PAGE

    def raw(self, name):
        """Return the bytes of a mail.

        :param str name: an id that matches ``MAIL_ID``: nothing else can name a file
        :raises FileNotFoundError: when there is no such mail
        """
        if not re.fullmatch(MAIL_ID, name):
            raise FileNotFoundError(name)
        return (self.folder / f"{name}.eml").read_bytes()

    def message(self, name):
        """Return a mail parsed.

        :rtype: email.message.EmailMessage
        """
        return email.message_from_bytes(self.raw(name), policy=email.policy.default)


def header(message, name):
    """Return a header as text, also when it is malformed."""
    try:
        return str(message[name] or "")
    except Exception:  # noqa: BLE001 - the parser fails in many ways on a broken header
        return "(unreadable)"


def text(part):
    """Return the decoded text of a part, with a replacement for undecodable bytes."""
    try:
        return part.get_content()
    except (LookupError, UnicodeError):
        return part.get_payload(decode=True).decode("utf-8", "replace")


def html_body(message):
    """Return the HTML body with its embedded pictures inside, None when there is none."""
    part = message.get_body(("html",))
    if part is None:
        return None
    html = text(part)
    for picture in message.walk():
        content_id = header(picture, "Content-ID").strip("<> ")
        if content_id and picture.get_content_type() in ("image/png", "image/jpeg", "image/gif"):
            data = base64.b64encode(picture.get_payload(decode=True) or b"").decode()
            html = html.replace(
                f"cid:{content_id}", f"data:{picture.get_content_type()};base64,{data}"
            )
    return '<meta charset="utf-8"><base target="_blank">' + html


class Page(BaseHTTPRequestHandler):
    """The pages: a list, one mail, its HTML body, its attachments and its source."""

    mails = None
    server_version = "mailsink"
    sys_version = ""

    def do_GET(self):  # noqa: N802 - name given by http.server
        """Answer a request; anything unknown is 404."""
        # Refuse other host names: a foreign site could point its own name to this machine (DNS rebinding).
        host = self.headers.get("Host", "").partition(":")[0]
        if host not in (HOST, "localhost"):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        url = urlsplit(self.path)
        routes = [
            (r"/", self.list),
            (rf"/mail/({MAIL_ID})", self.mail),
            (rf"/mail/({MAIL_ID})/html", self.html),
            (rf"/mail/({MAIL_ID})/source", self.source),
            (rf"/mail/({MAIL_ID})/attachment/(\d{{1,4}})", self.attachment),
        ]
        for pattern, show in routes:
            if match := re.fullmatch(pattern, url.path):
                try:
                    show(*match.groups(), **({"query": url.query} if show == self.list else {}))
                except (FileNotFoundError, IndexError):
                    break
                return
        self.send_error(HTTPStatus.NOT_FOUND)

    def list(self, query=""):
        """Show the newest mails."""
        asked = parse_qs(query).get("page", ["0"])[0]
        page = int(asked) if re.fullmatch(r"\d{1,6}", asked) else 0
        names, more = self.mails.newest(page)
        rows = []
        for name in names:
            message = self.mails.message(name)
            cells = "".join(
                f"<td>{escape(header(message, key))}</td>" for key in ("From", "To", "Date")
            )
            subject = escape(header(message, "Subject")) or "(no subject 无主题)"
            rows.append(f'<tr><td><a href="/mail/{name}">{subject}</a></td>{cells}</tr>')
        older = f'<p><a href="/?page={page + 1}">older 更早</a></p>' if more else ""
        empty = "" if rows else "<p>No mail yet. 尚无邮件。</p>"
        head = "<th>Subject 主题</th><th>From 发件人</th><th>To 收件人</th><th>Date 日期</th>"
        table = f"<table><tr>{head}</tr>{''.join(rows)}</table>"
        self.page("Mail of the demo 演示邮件", f"{table}{empty}{older}")

    def mail(self, name):
        """Show one mail: headers, body, links to attachments."""
        message = self.mails.message(name)
        keys = ("From", "To", "Cc", "Reply-To", "Date", "Message-ID", RECIPIENTS)
        rows = "".join(
            f"<tr><th>{key}</th><td>{escape(value)}</td></tr>"
            for key in keys
            if (value := header(message, key))
        )
        files = "".join(
            f'<li><a href="/mail/{name}/attachment/{number}">{escape(part.get_filename() or "(no name 无名)")}</a></li>'
            for number, part in enumerate(message.iter_attachments())
        )
        plain = message.get_body(("plain",))
        body = f"<pre>{escape(text(plain))}</pre>" if plain else ""
        if message.get_body(("html",)):
            sandbox = "allow-popups allow-popups-to-escape-sandbox"
            frame = f'<iframe sandbox="{sandbox}" src="/mail/{name}/html" title="mail"></iframe>'
            body = (
                f"{frame}<details><summary>Text 纯文本</summary>{body}</details>" if body else frame
            )
        links = f'<p><a href="/">list 列表</a> · <a href="/mail/{name}/source">source 原文</a></p>'
        self.page(
            header(message, "Subject") or "(no subject 无主题)",
            f"{links}<table>{rows}</table>{f'<ul>{files}</ul>' if files else ''}{body}",
        )

    def html(self, name):
        """Give the HTML body, for the sandboxed frame."""
        body = html_body(self.mails.message(name))
        if body is None:
            raise FileNotFoundError(name)
        self.answer(body.encode("utf-8", "replace"), "text/html; charset=utf-8", MAIL_POLICY)

    def attachment(self, name, number):
        """Give an attachment as a file to save, never to open here."""
        part = list(self.mails.message(name).iter_attachments())[int(number)]
        data = part.get_payload(decode=True) or part.as_bytes()
        self.file(data, part.get_filename() or f"attachment-{number}")

    def source(self, name):
        """Give the mail as it was sent, as a file to save."""
        self.file(self.mails.raw(name), f"{name}.eml")

    def file(self, data, filename):
        """Answer with a file to save under this name."""
        name = quote(re.sub(r"[\x00-\x1f/\\]", "_", filename).encode("utf-8", "replace"))
        self.answer(
            data, "application/octet-stream", PAGE_POLICY, f"attachment; filename*=UTF-8''{name}"
        )

    def page(self, title, body):
        """Answer with a page."""
        title = escape(title)
        html = (
            f'<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
            f"<style>{STYLE}</style><h1>{title}</h1>{body}</html>"
        )
        self.answer(html.encode("utf-8", "replace"), "text/html; charset=utf-8", PAGE_POLICY)

    def answer(self, data, kind, policy, disposition=None):
        """Answer with data of a content type, under a policy that blocks scripts of a mail."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if disposition:
            self.send_header("Content-Disposition", disposition)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Write no access log."""


async def serve(folder, http_port, ready):
    """Run both servers until the process is ended.

    :param Path folder: where mails are kept
    :param int http_port: of the page
    :param Path ready: gets the port for mail when both listen
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    Page.mails = Mails(folder)
    page = ThreadingHTTPServer((HOST, http_port), Page)
    threading.Thread(target=page.serve_forever, daemon=True).start()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Page.mails, hostname="demo.invalid", enable_SMTPUTF8=True, loop=loop), HOST, 0
    )
    half = ready.with_suffix(".half")
    half.write_text(f"{server.sockets[0].getsockname()[1]}\n")
    os.replace(half, ready)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
