"""The visitor's ways to reach a person, each under its language."""

from django.urls import URLPattern, path

from careline.contacts.views import chat, files, own, ways

app_name = "contacts"
urlpatterns: list[URLPattern] = [
    path("talk/", ways.talk, name="talk"),
    path("callback/", ways.callback, name="callback"),
    path("message/", ways.message, name="message"),
    path("chat/", chat.start, name="chat_start"),
    path("chat/now/", chat.now, name="chat_now"),
    path("chat/now/top/", chat.top, name="chat_top"),
    path("chat/send/", chat.send, name="chat_send"),
    path("chat/file/", files.send, name="chat_file"),
    path("chat/card/", chat.dismiss_card, name="dismiss_card"),
    path("chat/end/", chat.end, name="chat_end"),
    path("yours/", own.show, name="own"),
    path("yours/enter/", own.enter, name="own_enter"),
    path("yours/code/", own.code, name="own_code"),
    path("yours/print/", own.printable, name="own_print"),
    path("yours/file/", own.download, name="own_file"),
    path("yours/delete/", own.delete, name="own_delete"),
    path("yours/files/<uuid:key>/", files.show, name="own_attachment"),
    path("yours/earlier/", own.show_earlier, name="own_earlier"),
    path("yours/mail/", own.mail, name="own_mail"),
    path("yours/call/", own.call, name="own_call"),
    path("yours/call/cancel/", own.cancel_call, name="own_call_cancel"),
    path("yours/survey/", own.survey, name="own_survey"),
    path("chat/forget/", chat.forget, name="chat_forget"),
]
