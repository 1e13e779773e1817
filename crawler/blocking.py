"""Recognises what stands in front of a site: refusals, challenges and captchas of those who guard it. Pure.

Precision comes first, since a false alarm costs an article: marks are names and addresses of the guards' own machinery, never
words about them. Most guards also put a script into the pages they let through (Imperva's `SWJIYLWA`, Cloudflare's `jsd`,
PerimeterX's and DataDome's tags), so those are no marks. A page that came with 200 is only taken for a challenge if there is
next to no text in it (`STUB_TEXT`): an article about a guard is an article.

Sources: the guards' own documents where there are any (named beside the mark), the plugins of EnableSecurity/wafw00f for what
a guard writes into its refusals, and challenge pages quoted in issue threads of crawlers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

STUB_TEXT: Final = 600
"""Characters of running text; a challenge says a sentence or two."""
WIDGET_TEXT: Final = 120
"""The same, where all there is to see is a captcha of a kind that also stands under articles, for comments."""
LOOKED_AT: Final = 16 << 10
"""Bytes of a decoded body; the marks stand at the beginning of small pages."""

_REFUSALS: Final = frozenset(range(400, 600)) - {404, 410, 429}
"""Statuses whose words count too. 429 is a matter of pace, and what isn't there isn't blocked."""

_HEADERS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("Cloudflare", "cf-mitigated", ("challenge",)),  # developers.cloudflare.com: "Detect a Challenge Page response"
    ("AWS WAF", "x-amzn-waf-action", ("challenge", "captcha")),  # docs.aws.amazon.com: "CAPTCHA and Challenge action behavior"
    ("Vercel", "x-vercel-mitigated", ("challenge", "deny")),  # vercel.com/docs: "Response headers"
    ("SiteGround", "sg-captcha", ("challenge",)),
)
"""Guard, header, values: it says so itself, whatever the status."""
_NAMES: Final = tuple(name.encode() for _, name, _ in _HEADERS)

_REFUSING: Final[tuple[tuple[str, str, str], ...]] = (
    ("Akamai", "server", "akamaighost"),
    ("DDoS-Guard", "server", "ddos-guard"),
    ("Qrator", "server", "qrator"),
    ("Sucuri", "server", "sucuri/cloudproxy"),
    ("Sucuri", "x-sucuri-block", ""),
    ("DataDome", "x-dd-b", ""),
    ("Kasada", "x-kpsdk-ct", ""),
    ("Knownsec", "server", "jiasule-waf"),
    ("Huawei Cloud WAF", "server", "huaweicloudwaf"),
    ("360", "wzws-ray", ""),
    ("Safedog", "x-powered-by", "waf/2.0"),
)
"""Guard, header, what is in it: it answered in the site's place, and refused (403 or 401)."""

_STUBS: Final[tuple[tuple[str, ...], ...]] = (
    ("Cloudflare", "_cf_chl_opt"),
    ("Cloudflare", "/cdn-cgi/challenge-platform/h/", "/orchestrate/chl_"),
    ("Cloudflare", "cf-browser-verification"),
    ("Akamai", "sec-if-cpt-container"),
    ("Akamai", "bm-verify=", 'http-equiv="refresh"'),
    ("Akamai", "/_sec/cp_challenge/"),
    ("Imperva", "_incapsula_resource?cwudnsai="),
    ("Imperva", "incapsula incident id"),
    ("Imperva", "_incapsula_resource?swjiylwa=", "noindex"),
    ("Imperva", "pardon our interruption", "interrogator"),
    ("Imperva", "distil_r_captcha"),
    ("DataDome", "captcha-delivery.com", "var dd"),
    ("DataDome", "geo.captcha-delivery.com/"),
    ("PerimeterX", "px-captcha"),
    ("AWS WAF", "gokuprops"),
    ("AWS WAF", "awswafcookiedomainlist"),
    ("Sucuri", "sucuri_cloudproxy_js"),
    ("DDoS-Guard", "/.well-known/ddos-guard/"),
    ("DDoS-Guard", "check.ddos-guard.net"),
    ("Qrator", "/__qrator/qauth"),
    ("Kasada", "window.kpsdk", "/ips.js"),
    ("F5", 'window["bobcmn"]'),
    ("F5", "/tspd/", "please enable javascript"),
    ("F5", "the requested url was rejected. please consult with your administrator"),
    ("Radware", "validate.perfdrive.com"),
    ("Radware", "captcha.perfdrive.com"),
    ("Reblaze", "window.rbzns"),
    ("Fastly", "/_fs-ch-"),
    ("Vercel", "vercel security checkpoint"),
    ("SiteGround", "/.well-known/sgcaptcha/"),
    ("Hostinger", "/hcdn-cgi/jschallenge"),
    ("LiteSpeed", "/.lsrecap/recaptcha"),
    ("Imunify360", "wsidchk"),
    ("Anubis", 'id="anubis_challenge"'),  # techarohq/anubis: web/index.templ
    ("go-away", "/.well-known/.git.gammaspectra.live/git/go-away/"),
    ("ArvanCloud", "__arcsjs"),
    ("Alibaba Cloud", "acw_sc__v2", "arg1"),
    ("Alibaba Cloud", "aliyun_waf_aa"),
    ("Alibaba Cloud", "_____tmd_____/punish"),
    ("Alibaba Cloud", "/sd/punish/"),
    ("Knownsec", "document.cookie=", "location.href=location.pathname+location.search"),
    ("Knownsec", "__jsl_clearance"),
    ("Knownsec", "365cyd.com/cyd-error-help"),
    ("Yunsuo", "security_session_verify"),
    ("360", "wzws-waf-cgi"),
    ("360", "wzwschallenge"),
    ("SafeLine", "/.safeline/"),
    ("SafeLine", 'id="slg-title"'),
    ("BaoTa", "/btwaf"),
    ("BaoTa", "<title>宝塔网站防火墙"),
    ("Tencent Cloud", "/waf/captcha", "tencentcaptcha"),
)
"""Guard, and what its challenge pages hold, all of it; in small letters."""

_WIDGETS: Final[tuple[tuple[str, ...], ...]] = (
    ("a captcha", 'class="g-recaptcha'),
    ("a captcha", 'class="h-captcha'),
    ("a captcha", 'class="cf-turnstile'),
    ("a captcha", "friendlycaptcha", "frc-captcha"),
    ("a captcha", "smartcaptcha.yandexcloud.net"),
    ("a captcha", "new tencentcaptcha("),
    ("a captcha", "gcaptcha4.geetest.com"),
)

_SAID: Final[tuple[tuple[str, ...], ...]] = (
    ("Cloudflare", "attention required! | cloudflare"),
    ("Cloudflare", "cf-error-details", "you have been blocked"),
    ("Cloudflare", "cf-error-details", ">1020<"),
    ("Cloudflare", "error code: 1006"),
    ("Cloudflare", "error code: 1010"),
    ("Cloudflare", "error code: 1020"),
    ("Akamai", "errors.edgesuite.net"),
    ("Akamai", "access denied", "reference&#32;&#35;"),
    ("Imperva", "pardon our interruption"),
    ("PerimeterX", "_pxappid", "captcha"),
    ("CloudFront", "generated by cloudfront", "request blocked"),
    ("Azure", "the request is blocked.", "x-azure-ref"),
    ("Sucuri", "sucuri website firewall"),
    ("Sucuri", "cloudproxy@sucuri.net"),
    ("ModSecurity", "mod_security"),
    ("ModSecurity", "modsecurity"),
    ("Wordfence", "generated by wordfence"),
    ("Fortinet", "fgd_icon"),
    ("Fortinet", "web page blocked", "attack id"),
    ("DDoS-Guard", "<title>ddos-guard"),
    ("Alibaba Cloud", "errors.aliyun.com"),
    ("Alibaba Cloud", "error.aliyun.com"),
    ("Baidu Yunjiasu", "yunjiasu"),
    ("Huawei Cloud WAF", "hws_security@"),
    ("Knownsec", "static.jiasule.com"),
    ("Knownsec", "创宇盾"),
    ("Safedog", "safedog"),
    ("SafeLine", "safeline"),
    ("BaoTa", "btwaf"),
    ("BaoTa", "网站防火墙"),
    ("Yunsuo", "yunsuo"),
    ("Tencent Cloud", "waf.tencent-cloud.com"),
)
"""What guards write when they refuse: of use only beside a status that refuses."""

_UNSEEN: Final = re.compile(rb"<(script|style|noscript)\b.*?(?:</\1[^>]*>|\Z)|<[^>]*(?:>|\Z)", re.IGNORECASE | re.DOTALL)

_Marks = tuple[tuple[str, tuple[tuple[bytes, ...], ...]], ...]


def _marks(*tables: tuple[tuple[str, ...], ...]) -> _Marks:
    """Each guard with what must stand in the page, in the encodings it may be written in."""
    return tuple(
        (guard, tuple(tuple({needle.encode(), needle.encode("gb18030")}) for needle in needles))
        for table in tables
        for guard, *needles in table
    )


_STUB_MARKS: Final = _marks(_STUBS)
_WIDGET_MARKS: Final = _marks(_WIDGETS)
_ALL_MARKS: Final = _marks(_STUBS, _SAID, _WIDGETS)


def may_tell(head: bytes) -> bool:
    """Whether the headers of a 200 are worth reading: a quick look, for each answer."""
    low = head.lower()
    return any(name in low for name in _NAMES)


def by_headers(status: int, headers: Iterable[tuple[str, str]]) -> str | None:
    """Who answered in the site's place, by what it says of itself; None: nobody that we know."""
    said = {name.lower(): value.lower() for name, value in headers}
    for guard, name, values in _HEADERS:
        if said.get(name, "").partition(",")[0].strip() in values:
            return guard
    return _refusing(said) if status in (401, 403) else None


def _refusing(said: Mapping[str, str]) -> str | None:
    return next((guard for guard, name, part in _REFUSING if name in said and part in said[name]), None)


def by_refusal(status: int, start: bytes) -> str | None:
    """Who refused, by what it wrote into the body of an error (`start`: decoded, `LOOKED_AT` will do)."""
    if 400 <= status < 600 and status not in (404, 410):
        return _found(_ALL_MARKS if status in _REFUSALS else _STUB_MARKS, start)
    return None


def by_stub(start: bytes, text_chars: int) -> str | None:
    """Who sent a challenge in a page's place; `text_chars` is how much running text was found in it."""
    if text_chars > STUB_TEXT:
        return None
    found = _found(_STUB_MARKS, start)
    if found is None and text_chars <= WIDGET_TEXT and b"<article" not in start:
        return _found(_WIDGET_MARKS, start)
    return found


def text_chars(start: bytes) -> int:
    """About how many bytes of text the beginning of a page shows: what is left without tags, scripts and styles."""
    return len(b" ".join(_UNSEEN.sub(b" ", start[:LOOKED_AT]).split()))


def _found(marks: _Marks, start: bytes) -> str | None:
    low = start[:LOOKED_AT].lower()
    return next((guard for guard, needles in marks if all(any(form in low for form in forms) for forms in needles)), None)
