"""A mail server on 127.0.0.1 that stores mails and plays faults on request."""

import asyncio
import contextlib
import email
import email.policy
import socket
import threading
from dataclasses import dataclass

import pytest
from aiosmtpd.smtp import SMTP


@dataclass
class Mail:
    """A mail the sink accepted: the envelope and the parsed message."""

    sender: str
    recipients: list
    message: email.message.EmailMessage

    @property
    def message_id(self):
        """The Message-Id header: two mails with the same one are one mail sent twice."""
        return self.message["Message-Id"]

    @property
    def subject(self):
        """The decoded subject."""
        return str(self.message["Subject"])

    def body(self, kind="html"):
        """Return the decoded text of the body.

        :param str kind: ``html`` or ``plain``
        :rtype: str
        """
        part = self.message.get_body((kind,))
        return part.get_content() if part else ""


class _Session(SMTP):
    """One connection; adds faults for which aiosmtpd has no hook."""

    def __init__(self, sink):
        super().__init__(sink, hostname="sink.test", loop=sink._loop, enable_SMTPUTF8=True)

    async def _handle_client(self):
        await self.event_handler._greeting()
        await super()._handle_client()

    async def smtp_DATA(self, arg):
        self.after = None
        await super().smtp_DATA(arg)
        if self.after:
            self.after()


class SmtpSink:
    """The mail server; ``host`` and ``port`` are where it listens.

    ``mails`` holds what was accepted, in order, and ``attempts`` counts the mails whose data arrived,
    accepted or not. All faults may be set before or while a server talks to the sink.
    """

    host = "127.0.0.1"

    def __init__(self):
        self.mails = []
        self.attempts = 0
        self._changed = threading.Condition()
        self._answers = {}
        self._hooks = {}
        self._drop_at = set()
        self._server = None
        self._loop = asyncio.new_event_loop()
        self._open_gate = asyncio.Event()
        self._open_gate.set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._socket = socket.socket()
        self._socket.bind((self.host, 0))
        self.port = self._socket.getsockname()[1]
        self.accept()

    # Faults set by a test

    def refuse(self):
        """Refuse connections from now on, until ``accept``; the port stays reserved."""

        async def close():
            self._server.close()
            self._socket = socket.socket()
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((self.host, self.port))

        self._run(close())

    def accept(self):
        """Take connections again after ``refuse``, and speak again after ``hang``."""

        async def listen():
            self._open_gate.set()
            if not self._server or not self._server.is_serving():
                self._server = await self._loop.create_server(
                    lambda: _Session(self), sock=self._socket
                )

        self._run(listen())

    def hang(self):
        """Accept connections from now on but send no answer, until ``accept``."""

        async def close_gate():
            self._open_gate.clear()

        self._run(close_gate())

    def answer(self, recipient, reply):
        """Answer this to a recipient instead of accepting it.

        :param str recipient: the address in the envelope
        :param str reply: for example ``"550 5.1.1 no such user"`` or ``"450 4.2.1 try later"``
        """
        self._answers[recipient.lower()] = reply

    def drop_at(self, number):
        """Close the connection when the data of this mail has arrived; the mail is not kept.

        :param int number: counts ``attempts`` from 1
        """
        self._drop_at.add(number)

    def on_mail(self, number, before=None, after=None):
        """Call something around the answer to a mail, in the sink's thread.

        ``before`` runs when the data has arrived and the client waits; when it returns ``False`` the
        mail is not kept and the connection ends, as if the data had got lost on the way. ``after``
        runs when the mail is kept and 250 is in the client's socket. To kill a server that cannot have
        read the answer: ``on_mail(2, before=server.freeze, after=server.kill)``.

        :param int number: counts ``attempts`` from 1
        :param before: callable without arguments, or None
        :param after: callable without arguments, or None
        """
        self._hooks[number] = (before, after)

    def wait(self, count, timeout=30):
        """Wait until ``count`` mails were accepted in all and return them.

        :raises AssertionError: when they do not come in time
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.mails) >= count, timeout):
                raise AssertionError(f"{len(self.mails)} of {count} mails came in {timeout} s")
        return self.mails[:count]

    def stop(self):
        """End the sink for good."""
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._socket.close()

    # Methods called by aiosmtpd

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        reply = self._answers.get(address.lower())
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.attempts += 1
        before, server.after = self._hooks.get(self.attempts, (None, None))
        lost = before and before() is False
        if lost or self.attempts in self._drop_at:
            server.after = None
            server.transport.abort()
            raise ConnectionResetError
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self._changed:
            self.mails.append(Mail(envelope.mail_from, envelope.rcpt_tos, message))
            self._changed.notify_all()
        return "250 OK"

    async def _greeting(self):
        await self._open_gate.wait()

    async def _end(self):
        self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 2)

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)


@pytest.fixture
def smtp_sink():
    """A mail server on 127.0.0.1 that keeps every mail; see :class:`SmtpSink` for the faults it can play."""
    sink = SmtpSink()
    yield sink
    sink.stop()
