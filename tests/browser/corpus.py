"""Texts that would run as a script, load something or break the page, if any of it were markup."""

from __future__ import annotations

RUN = "witness.executed.push(1)"

MARKUP = (
    f"<script>{RUN}</script>",
    f"</p></div><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<img src='https://evil.example/pixel.png' onload='{RUN}'>",
    f"<svg onload={RUN}>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><script>{RUN}</script></svg>",
    f"<math><mtext><style><img src=x onerror={RUN}></style></mtext></math>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src='javascript:parent.{RUN}'></iframe>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<body onload={RUN}>",
    f"<a href='javascript:{RUN}'>press me</a>",
    "<link rel=stylesheet href=https://evil.example/a.css>",
    "<style>@import 'https://evil.example/a.css';</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action=https://evil.example/><button name=Next>Next</button></form>",
    f"{{{{constructor.constructor('{RUN}')()}}}} ${{{RUN}}} <%= {RUN} %>",
    f"\"><script>{RUN}</script> ' autofocus onfocus='{RUN}",
    f"&lt;script&gt;{RUN}&lt;/script&gt; &#60;img src=x onerror={RUN}&#62;",
    f"jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk={RUN} )//%0D%0A</stYle/</scRipt/--!>\\x3csVg/<"
    f"sVg/oNloAd={RUN}//>\\x3e",
    '{"__html": "<b>bold</b>", "dangerouslySetInnerHTML": {"__html": "<i>"}, "type": "script"}',
    "__proto__ constructor toString",
)
LINKS = (
    f"javascript:{RUN}",
    f"JaVaScRiPt://example.com/%0A{RUN}",
    f"data:text/html,<script>opener.{RUN}</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    f'https://example.com/"onmouseover={RUN}//',
    "https://user:password@evil.example/",
    "https://example.com/%3Cscript%3E?a=<b>&c='d'#e",
    "http://exаmple.com/",  # noqa: RUF001 - with a Cyrillic letter, which is the point
)
TROUBLE = (
    "\u202egnirts desrever a\u202c and \u2067more\u2069",
    "Z" + "\u0301\u0327\u0330\u035f" * 60 + "algo",
    "W" * 1_500,
    "\ufdfd" * 60,
    "lines\n" * 60,
    "\u200b\u2060\ufeff invisible",
)
CORPUS = (*MARKUP, *LINKS, *TROUBLE)
