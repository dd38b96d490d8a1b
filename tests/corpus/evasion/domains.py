"""Ways to write a host so that a filter does not see it. The span is the listed domain as written, and nothing before it."""

from lists import domains

CHINESE = [("纸条上抄着 ", " ，别的没有。"), ("广播里念的是 ", " ，我记下了。"), ("黑板角落写着 ", " ，没人擦。")]
ENGLISH = [("The note says ", " and nothing else."), ("Somebody wrote down ", " on the box.")]
# Han directly on both sides.
TOUCHING = [("登录", "查询"), ("打开", "看看"), ("他念了", "两遍")]
HAN_LABELS = ["查询", "证书", "报名", "官网"]


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


def dotted(host, dot):
    return host.replace(".", dot)


# technique -> (before, span, after) around a host
FORMS = {
    "hxxp": [("hxxp://www.", "{h}", "/a"), ("hxxps://", "{h}", ""), ("h**p://", "{h}", "/"), ("hXXp://", "{h}", "")],
    "dot-square": [("", "{d:[.]}", ""), ("www[.]", "{d:[.]}", ""), ("hxxp://", "{d:[.]}", "/b"), ("", "{d:[dot]}", "")],
    "dot-round": [("", "{d:(.)}", ""), ("", "{d:(dot)}", ""), ("www(dot)", "{d:(dot)}", ""), ("", "{d: (dot) }", "")],
    "dot-curly": [("", "{d:{{.}}}", ""), ("", "{d:{{dot}}}", "")],
    "dot-word": [("", "{d: dot }", ""), ("www dot ", "{d: dot }", ""), ("", "{d: DOT }", "")],
    "dot-han": [("", "{d:点}", ""), ("", "{d: 点 }", ""), ("", "{d:（点）}", ""), ("", "{d:【点】}", "")],
    "dot-ideographic": [("", "{d:。}", ""), ("www。", "{d:。}", "")],
    "dot-wide": [("", "{d:．}", ""), ("", "{d:｡}", ""), ("www．", "{d:．}", "")],
    "host-spaces": [("", "{d: . }", ""), ("", "{d: .}", ""), ("", "{d:. }", ""), ("", "{s}", "")],
    "host-wide": [("", "{w}", ""), ("ｗｗｗ．", "{w}", "")],
    "host-case": [("", "{u}", ""), ("WWW.", "{u}", ""), ("HTTP://", "{u}", "/A")],
    "host-invisible": [("", "{z}", ""), ("http://", "{z}", "/a"), ("", "{y}", "")],
    "punycode": [("http://{p}.", "{h}", "/"), ("{p}.", "{h}", ""), ("{l}.", "{h}", ""), ("http://{l}.", "{h}", "/x"), ("{l}。", "{d:。}", "")],
    "percent": [("http://", "{e}", "/a"), ("http://www.", "{d:%2E}", "/"), ("https://", "{f}", "")],
    "query": [("https://go.example/?r=http%3A%2F%2F", "{h}", "%2Fa"), ("https://jump.test/to?url=https://", "{h}", "/b"), ("http://a.example/?u=http://www.", "{h}", "")],
    "userinfo": [("https://www.gov.cn@", "{h}", "/q"), ("http://user:pass@", "{h}", "/"), ("https://official.example@", "{h}", "")],
    "port": [("http://", "{h}", ":8080/x"), ("", "{h}", ":443"), ("https://m.", "{h}", ":8443/")],
    "trailing-dot": [("http://", "{h}", "./a"), ("https://www.", "{h}", "./"), ("http://", "{h}", ".:80/")],
    "e-mail": [("bm@", "{h}", ""), ("mailto:zs@mail.", "{h}", ""), ("x.y@", "{h}", "")],
    "subdomain": [("www.", "{h}", ""), ("a.b.m.", "{h}", "/c"), ("https://bb-1.", "{h}", "/?x=1#z")],
}


def written(template, host, label):
    """Fills a template: {h} the host, {d:X} with X for dots, {w} wide, {u} capitals, {s} spaced out, {z} {y} with
    invisible signs, {e} {f} percent-encoded, {p} a Han label in punycode, {l} the label itself."""
    if template.startswith("{d:"):
        return dotted(host, template[3:-1].replace("{{", "{").replace("}}", "}"))
    forms = {
        "h": host,
        "w": wide(host),
        "u": host.upper(),
        "s": " ".join(host),
        "z": host[:2] + "\u200b" + host[2:5] + "\u200d" + host[5:],
        "y": host[:3] + "\u00ad" + host[3:],
        "e": "".join(f"%{ord(c):02X}" if i in (0, 2) else c for i, c in enumerate(host)),
        "f": "".join(f"%{ord(c):02x}" for c in host),
        "p": "xn--" + label.encode("punycode").decode(),
        "l": label,
    }
    return template.format(**forms)


def hidden(draw):
    for organization, host in domains():
        for technique, templates in FORMS.items():
            for template in templates:
                for frames in (CHINESE, ENGLISH):
                    label = draw.choice(HAN_LABELS)
                    before, span, after = (written(part, host, label) for part in template)
                    left, right = draw.choice(frames)
                    yield technique, organization, "domain", left + before, span, after + right
        for left, right in TOUCHING:
            for form in (host, wide(host), dotted(host, "点"), host.upper()):
                yield "han-sides", organization, "domain", left, form, right + "，就这些。"
