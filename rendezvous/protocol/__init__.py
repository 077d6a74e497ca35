"""What travels: requests inwards, parsed once; replies and events outwards.

The same models validate what comes in and describe it in `/openapi.json` and `/asyncapi.json`.
"""
