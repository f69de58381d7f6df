"""Real SMTP servers on loopback that fail where a test tells them to, and keep what they took."""

from __future__ import annotations

import asyncio
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

CERTIFICATES = Path(__file__).with_name("certificates")
AUTHORITY = CERTIFICATES / "authority.pem"

# Instead of an answer: the line is cut, or nothing is said.
CUT = "cut"
SILENCE = "silence"


@dataclass
class Peer:
    """A server's behaviour and memory.

    Args:
        answers: Stage -> answer, CUT or SILENCE. Stages: `GREETING`, `MAIL`, `RCPT` or one recipient's address, `DATA`
            (the command), `IN_DATA` (354, then the fault), `BODY` (the mail is kept, then this is said or done).
        only_mails: Fault only the mails with these numbers, counted from 1; empty = all.
        password, token: What AUTH accepts; AUTH is not offered when both are empty.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    only_mails: frozenset[int] = frozenset()
    password: str = ""
    token: str = ""
    port: int = 0
    mails: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    started: int = 0
    connections: int = 0
    quits: int = 0
    logins: int = 0

    def answer(self, *stages: str) -> str | None:
        if self.only_mails and self.started not in self.only_mails:
            return None
        return next((self.answers[stage] for stage in stages if stage in self.answers), None)

    async def act(self, server: Any, answer: str) -> str:
        if answer == CUT:
            server.transport.abort()
        elif answer == SILENCE:
            await asyncio.sleep(30)
        return answer

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self.started += 1
        if answer := self.answer("MAIL"):
            return await self.act(server, answer)
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if answer := self.answer(address, "RCPT"):
            return await self.act(server, answer)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answer("BODY") or "250 kept"
        if answer[0] == "2" or answer in (CUT, SILENCE):
            self.mails.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return await self.act(server, answer)

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        self.quits += 1
        return "221 bye"

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        user, token, *_ = b64decode(args[1]).decode().split("\x01")
        if (user, token) == ("user=qa@corp.cn", f"auth=Bearer {self.token}"):
            return AuthResult(success=True, auth_data=LoginPassword(b"qa@corp.cn", b""))
        await server.challenge_auth('{"status":"401","schemes":"bearer"}')
        return AuthResult(success=False, handled=False)

    def check_password(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins += 1
        good = bool(self.password) and data == LoginPassword(b"qa@corp.cn", self.password.encode())
        return AuthResult(success=good, handled=False, auth_data=data)


class _FaultySmtp(SMTP):
    """aiosmtpd, with faults where its handler has no say: at the greeting and around the DATA command."""

    def connection_made(self, transport: Any) -> None:
        if self.session is None:  # it is called again after STARTTLS
            self.event_handler.connections += 1
        super().connection_made(transport)

    async def _handle_client(self) -> None:
        if answer := self.event_handler.answers.get("GREETING"):
            if answer not in (CUT, SILENCE):
                await self.push(answer)
            await self.event_handler.act(self, answer)
            await self.event_handler.act(self, CUT)
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        peer = self.event_handler
        if answer := peer.answer("DATA"):
            if await peer.act(self, answer) not in (CUT, SILENCE):
                await self.push(answer)
        elif answer := peer.answer("IN_DATA"):
            await self.push("354 go on")
            await peer.act(self, answer)
        else:
            await super().smtp_DATA(arg)


@contextmanager
def run_peer(peer: Peer, *, starttls: str = "", tls: str = "", size: int = 33_554_432) -> Iterator[Peer]:
    """Run a peer on a free port of 127.0.0.1.

    Args:
        starttls, tls: The certificate's file in `certificates`, or empty.
        size: The limit it names (RFC 1870).
    """
    kwargs: dict[str, Any] = {"data_size_limit": size}
    if starttls:
        kwargs |= {"tls_context": _server_context(starttls)}
    if peer.password or peer.token:
        kwargs |= {"authenticator": peer.check_password, "auth_require_tls": False}
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    context = _server_context(tls) if tls else None
    listening = loop.create_server(lambda: _FaultySmtp(peer, loop=loop, **kwargs), "127.0.0.1", 0, ssl=context)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result(5)
    try:
        peer.port = server.sockets[0].getsockname()[1]
        yield peer
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)  # closed transports say so once more before the loop ends


def _server_context(name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / name)
    return context
