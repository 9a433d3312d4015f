"""No test uses the network: a connection to any other machine is refused and fails the test.

A pytest plugin; servers that tests start call :func:`refuse_others`, and the error in their log fails the test.
"""

import errno
import ipaddress
import logging
import socket

import pytest

_logger = logging.getLogger("odoo.offline")
_attempts = []


def _is_here(host):
    """:return: whether a host name or number is this machine"""
    host = host.decode() if isinstance(host, bytes) else host or "localhost"
    if host in ("localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(address):
    _attempts.append(str(address))
    _logger.error("connection refused, tests stay on this machine: %s", address)


def refuse_others():
    """Refuse connections to other machines, and look-ups of their address, in this process from now on."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    look_up = socket.getaddrinfo

    def is_refused(address):
        # any other address is the path of a socket in the file system
        if isinstance(address, tuple) and not _is_here(address[0]):
            _refuse(address)
            return True
        return False

    def connect_here(self, address):
        if is_refused(address):
            raise ConnectionRefusedError(errno.ECONNREFUSED, "tests stay on this machine")
        return connect(self, address)

    def connect_ex_here(self, address):
        return errno.ECONNREFUSED if is_refused(address) else connect_ex(self, address)

    def look_up_here(host, *args, **kwargs):
        if is_refused((host, *args[:1])):
            raise socket.gaierror(socket.EAI_FAIL, "tests stay on this machine")
        return look_up(host, *args, **kwargs)

    socket.socket.connect = connect_here
    socket.socket.connect_ex = connect_ex_here
    socket.getaddrinfo = look_up_here


def pytest_configure():
    """Begin before other modules are loaded."""
    refuse_others()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown():
    """Fail a test that tried to connect, also when it caught the error."""
    yield
    if _attempts:
        text = ", ".join(_attempts)
        _attempts.clear()
        pytest.fail(f"tried to connect to {text}: tests stay on this machine", pytrace=False)
