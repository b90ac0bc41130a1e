"""The visitor's ways to reach a person once more, for frames on other sites.

The same views under another instance of the same names: a page that was asked for here links
here. Their forms need no token of Django's (contacts.widget says what takes its place).
"""

from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from careline.contacts.urls import urlpatterns as visitor_patterns
from careline.contacts.views import widget


def _framed(pattern: URLPattern) -> URLPattern:
    return path(str(pattern.pattern), csrf_exempt(pattern.callback), name=pattern.name)


app_name = "contacts"
urlpatterns: list[URLPattern] = [
    path("", csrf_exempt(widget.home), name="widget_home"),
    path("hello/", widget.hello, name="widget_hello"),
    path("leave/", csrf_exempt(widget.leave), name="widget_leave"),
    *(_framed(pattern) for pattern in visitor_patterns),
]
