"""Print the server's OpenAPI and AsyncAPI documents as one JSON object, for `types.js`."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[2]))  # because the server is not an installed package

from rendezvous.docs import asyncapi_document, openapi_document

MAX_MESSAGE_LENGTH = 2000  # a setting of the server; types do not depend on it

documents = {
    "openapi": openapi_document(MAX_MESSAGE_LENGTH),
    "asyncapi": asyncapi_document(MAX_MESSAGE_LENGTH),
}
sys.stdout.buffer.write(msgspec.json.encode(documents))
