"""The visitor's ways to reach a person, each under its language."""

from django.urls import URLPattern, path

from careline.contacts.views import chat, ways

app_name = "contacts"
urlpatterns: list[URLPattern] = [
    path("talk/", ways.talk, name="talk"),
    path("callback/", ways.callback, name="callback"),
    path("message/", ways.message, name="message"),
    path("chat/", chat.start, name="chat_start"),
    path("chat/now/", chat.now, name="chat_now"),
    path("chat/now/top/", chat.top, name="chat_top"),
    path("chat/send/", chat.send, name="chat_send"),
    path("chat/card/", chat.dismiss_card, name="dismiss_card"),
    path("chat/end/", chat.end, name="chat_end"),
    path("chat/forget/", chat.forget, name="chat_forget"),
]
