"""The mail server of a crash test: it remembers what it accepted, and can be made slow or forgetful."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """What the mail server accepted."""

    to: str
    message_id: str
    event_id: str
    subject: str


class Postbox:
    """Accepts everything. `slow_s`: how long each answer takes; `mute`: the share of mails kept but never confirmed."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.slow_s = 0.0
        self.mute = 0.0
        self.unclear = 0  # kept, but not confirmed: the product must send them again
        self.chance = random.Random(20_261_125)

    @property
    def doubled(self) -> int:
        """How many mails came once more than they should."""
        copies = Counter((mail.message_id, mail.to) for mail in self.mails)
        return sum(count - 1 for count in copies.values())

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(bytes(envelope.content or b""))
        self.mails.extend(
            Mail(to, str(message["Message-ID"]), str(message["X-Anliegen-Event"]), str(message["Subject"]))
            for to in envelope.rcpt_tos
        )
        await asyncio.sleep(self.slow_s)
        if self.chance.random() < self.mute:
            self.unclear += 1
            server.transport.abort()
        return "250 OK"
