# ruff: noqa: E402
"""A chat on Channels, as its documentation builds one, with each message stored first.

A message is a row (numbered in its conversation, once for each client's id), then goes
through the Redis layer to both sides, then is acknowledged.
"""

import os
from typing import Any
from urllib.parse import unquote

import django
from django.conf import settings

_user_host, _slash, _name = (
    os.environ["CHANNELS_DATABASE"].removeprefix("postgres://").rpartition("/")
)
_user, _at, _host = _user_host.partition("@/")
settings.configure(
    SECRET_KEY="of-this-benchmark-alone",  # noqa: S106
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": "/" + unquote(_host).lstrip("/"),
            "USER": _user,
            "NAME": _name,
            "CONN_MAX_AGE": None,
        }
    },
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [os.environ["CHANNELS_REDIS"]], "capacity": 10_000},
        }
    },
    INSTALLED_APPS=[],
    USE_TZ=True,
)
django.setup()

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.db import connection, models, transaction
from django.urls import path
from django.utils import timezone


class Conversation(models.Model):
    """Counts its messages."""

    last_seq = models.IntegerField(default=0)

    class Meta:
        app_label = "chat"
        db_table = "chat_conversation"


class Message(models.Model):
    """One message."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT)
    seq = models.IntegerField()
    author = models.CharField(max_length=12)
    client_id = models.CharField(max_length=64)
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        app_label = "chat"
        db_table = "chat_message"
        unique_together = [("conversation", "seq"), ("conversation", "client_id")]


# A column named as the check reads it.
Message._meta.get_field("conversation").column = "conversation"
Message._meta.get_field("conversation").db_column = "conversation"


def make_table() -> None:
    """Create the tables."""
    with connection.schema_editor() as editor:
        editor.create_model(Conversation)
        editor.create_model(Message)


@database_sync_to_async
def _store(number: int, author: str, client_id: str, words: str) -> int:
    with transaction.atomic():
        conversation, _new = Conversation.objects.select_for_update().get_or_create(pk=number)
        conversation.last_seq += 1
        conversation.save(update_fields=["last_seq"])
        Message.objects.create(
            conversation=conversation,
            seq=conversation.last_seq,
            author=author,
            client_id=client_id,
            body=words,
            created_at=timezone.now(),
        )
    return conversation.last_seq


class Chat(AsyncJsonWebsocketConsumer):
    """One side of a conversation."""

    async def connect(self) -> None:
        """Join the conversation's group."""
        self.number = int(self.scope["url_route"]["kwargs"]["number"])
        self.side = self.scope["url_route"]["kwargs"]["side"]
        await self.channel_layer.group_add(f"chat{self.number}", self.channel_name)
        await self.accept()

    async def disconnect(self, _code: int) -> None:
        """Leave it."""
        await self.channel_layer.group_discard(f"chat{self.number}", self.channel_name)

    async def receive_json(self, content: dict[str, Any], **_more: Any) -> None:
        """Store a message, tell both sides, acknowledge it."""
        client_id, words = content["client_id"], content["text"]
        seq = await _store(self.number, self.side, client_id, words)
        told = {"type": "said", "seq": seq, "author": self.side, "text": words}
        await self.channel_layer.group_send(f"chat{self.number}", told)
        await self.send_json({"type": "stored", "client_id": client_id, "seq": seq})

    async def said(self, event: dict[str, Any]) -> None:
        """Pass on what somebody said."""
        await self.send_json(event)


application = ProtocolTypeRouter(
    {"websocket": URLRouter([path("chat/<int:number>/<str:side>", Chat.as_asgi())])}
)
