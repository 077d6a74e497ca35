"""OpenAPI and AsyncAPI documents from the models that validate, and the page that shows them."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, render_template

from rendezvous.docs.asyncapi import asyncapi_document
from rendezvous.docs.models import Json
from rendezvous.docs.openapi import openapi_document
from rendezvous.refusals import REFUSALS

__all__ = ["asyncapi_document", "docs", "openapi_document"]

CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


def docs(max_message_length: int) -> Blueprint:
    """`/openapi.json`, `/asyncapi.json` and `/docs`, made once."""
    openapi, asyncapi = openapi_document(max_message_length), asyncapi_document(max_message_length)
    blueprint = Blueprint("docs", __name__, template_folder="templates")
    blueprint.add_url_rule("/openapi.json", "openapi", lambda: _json(openapi))
    blueprint.add_url_rule("/asyncapi.json", "asyncapi", lambda: _json(asyncapi))

    @blueprint.get("/docs")
    def page() -> Response:
        html = render_template("docs.html", openapi=openapi, asyncapi=asyncapi, refusals=REFUSALS)
        return Response(html, headers={"Content-Security-Policy": CSP})

    return blueprint


def _json(document: Json) -> Response:
    return Response(msgspec.json.encode(document), content_type="application/json")
