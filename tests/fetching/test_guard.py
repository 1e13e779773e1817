"""Which addresses may be connected to. The lists are ours, after the IANA special-purpose registries."""

import socket
from ipaddress import ip_address
from typing import ClassVar

import pytest
from aiohttp.abc import AbstractResolver
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import urls
from crawler.fetching.guard import AddressError, Guard, is_public, permission
from crawler.fetching.resolving import GuardedResolver
from crawler.urls import parse


def words(text):
    return text.split()


PRIVATE = words("""
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1
2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:2::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1
fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 4000::1
100.100.100.200 192.0.0.192 169.254.170.2 169.254.0.23 198.18.0.0 203.0.113.255 255.255.255.254 0.0.0.1 192.0.0.9
::ffff:0:7f00:1 ::ffff:0:808:808 ::a00:1 ::ffff:168.63.129.16 64:ff9b::a83f:8110 64:ff9b:1:ffff:ffff:: 100:0:0:1::1 1::1
fd20:ce::254 fe80::a9fe:a9fe fdff:ffff::1 febf::1 ff0e::1 2001:20::1 2001:1ff:ffff:: 2001:db8:ffff::1 2002:a9fe:a9fe::1
3fff:fff:ffff::1 8000::1 0:0:0:0:0:ffff:c0a8:1
""")

PUBLIC = words("""
1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.0 172.15.0.1 172.32.0.1 192.0.1.1 198.20.0.1 223.255.255.254 11.0.0.0
2606:4700:4700::1111 2a00:1450:4001:81b::200e 2620:4f:8000::1 2001:4860:4860::8888 ::ffff:8.8.8.8 64:ff9b::808:808
""")


@pytest.mark.parametrize("text", PRIVATE)
def test_a_special_address_is_not_public(text):
    assert not is_public(ip_address(text))
    assert Guard().refusal(text, 80)


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_public(text):
    assert is_public(ip_address(text))
    assert Guard().refusal(text, 80) is None


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_like_the_one_inside(inner):
    assert is_public(ip_address(f"::ffff:{inner}")) == is_public(ip_address(f"64:ff9b::{inner}")) == is_public(inner)


@pytest.mark.parametrize(
    "text",
    ["http://127.1/", "http://0x7f000001/", "http://0177.0.0.1/", "http://2130706433/", "http://１２７.0.0.1/", "http://127。0。0。1/",
     "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0/", "http://user@127.0.0.1/", "http://1.1.1.1@127.0.0.1/",
     "http://[0:0:0:0:0:ffff:a9fe:a9fe]/", "https://127.0.0.1:443/"],
)  # fmt: skip
def test_a_private_address_is_recognised_however_it_is_written(text):
    assert Guard().url_refusal(parse(text))


@pytest.mark.parametrize(
    "text",
    ["http://127.65535/", "http://0300.0250.1/", "http://0xA9FEA9FE/", "http://0xa9.0xfe.0xa9.0xfe/", "http://2852039166/",
     "http://%31%32%37.0.0.1/", "http://127.0.0.1./", "http://127.0.0.1%2E/", "http://①②⑦.0.0.1/", "http://169．254．169．254/",
     "http://[::ffff:0:127.0.0.1]/", "http://[::ffff:0a00:1]/", "http://[::7f00:1]/", "http://[64:ff9b::10.0.0.1]/",
     "http:\\\\10.0.0.1\\", "http:///10.0.0.1/", "http:10.0.0.1/", "http://a:b@10.0.0.1:80/", "http://a@b@10.0.0.1/",
     "http://1.1.1.1\\@10.0.0.1/", "http://10.0.0.1?@1.1.1.1/", "http://10.0.0.1#@1.1.1.1/", "http://10.\t0.\r\n0.1/",
     "http://10.0.0.1:0080/", "http://10.0.0.1:/", "http://[2002:a00:1::]/", "http://[2001:0:a00:1::]/", "http://[fec0::1]/"],
)  # fmt: skip
def test_tricks_lead_to_the_same_address(text):
    url = parse(text)
    assert Guard().url_refusal(url) or urls.hostname(url) == "1.1.1.1"


@pytest.mark.parametrize(
    "text",
    ["http://10.0.0.1%20.example/", "http://[fe80::1%25eth0]/", "http://[::1]x/", "http://[::1/", "http://0x7f.1.1.1.1/",
     "http://256.0.0.1/", "http://1.2.3.0x100/", "http://127.0.0.1:65536/", "http://127.0.0.1:8x/", "http://a%00b/",
     "http://a%0d%0aHost:b/", "http:// 127.0.0.1/", "http://:80/", "gopher://127.0.0.1:25/", "ftp://127.0.0.1/",
     "dict://127.0.0.1:11211/", "jar:http://127.0.0.1!/", "ws://127.0.0.1/", "blob:http://127.0.0.1/", "//127.0.0.1/"],
)  # fmt: skip
def test_what_is_no_web_address_never_reaches_the_guard(text):
    with pytest.raises(urls.UrlError):
        parse(text)


@pytest.mark.parametrize("text", ["http://1.1.1.1#@127.0.0.1/", "http://1.1.1.1/@127.0.0.1", "http://127.0.0.1@1.1.1.1/",
                                  "http://1.1.1.1\\@127.0.0.1/", "http://[2606:4700:4700::1111]:8080/"])  # fmt: skip
def test_a_public_address_stays_one_whatever_stands_around_it(text):
    assert Guard().url_refusal(parse(text)) is None


class TestNames:
    @pytest.mark.parametrize("name", ["localhost", "LOCALHOST.", "a.localhost", "printer.local", "metadata.google.internal",
                                      "localhost.localdomain", "ip6-localhost", "nas.home.arpa", "abc.onion"])  # fmt: skip
    def test_a_name_of_a_local_network_is_refused(self, name):
        assert Guard().url_refusal(parse(f"http://{name}/"))

    def test_localhost_is_permitted_with_its_address(self):
        assert Guard(["127.0.0.1:8080"]).url_refusal("http://localhost:8080/") is None
        assert Guard(["127.0.0.1:8080"]).url_refusal("http://localhost:8081/")
        assert Guard(["10.0.0.0/8"]).url_refusal("http://wiki.internal/") is None

    @pytest.mark.parametrize("name", ["paper.example", "mylocal", "thelocal.example", "internal.example", "localhost.example"])
    def test_any_other_name_is_judged_by_its_answers(self, name):
        assert Guard().url_refusal(f"http://{name}/") is None

    @pytest.mark.parametrize(
        "url", ["http://a.example:0/", "http://a.example:25/", "https://1.1.1.1:22/", "http://10.0.0.1:6667/"]
    )
    def test_a_port_of_another_protocol_is_refused(self, url):
        assert Guard(["10.0.0.0/8"]).url_refusal(parse(url))

    def test_behind_a_proxy_names_of_local_networks_are_refused_even_where_addresses_are_permitted(self):
        guard = Guard(["10.0.0.0/8"])
        assert guard.proxied_refusal("http://10.0.0.1/") is None
        assert guard.proxied_refusal("http://paper.example/") is None
        for url in (
            "http://intranet/",
            "http://wiki.internal/",
            "http://localhost/",
            "http://127.0.0.1/",
            "http://a.example:25/",
        ):
            assert guard.proxied_refusal(url)


class TestPermission:
    @pytest.mark.parametrize(
        ("entry", "host", "port", "permitted"),
        [
            ("127.0.0.0/8", "127.9.9.9", 1, True),
            ("127.0.0.0/8", "10.0.0.1", 1, False),
            ("127.0.0.1", "127.0.0.1", 1, True),
            ("127.0.0.1:8080", "127.0.0.1", 8080, True),
            ("127.0.0.1:8080", "127.0.0.1", 8081, False),
            ("10.0.0.0/8:8000-9000", "10.1.2.3", 8500, True),
            ("10.0.0.0/8:8000-9000", "10.1.2.3", 9001, False),
            ("::1", "::1", 80, True),
            ("[::1]:8080", "::1", 8080, True),
            ("[::1]:8080", "::1", 80, False),
            ("fd00::/8", "fd12::1", 80, True),
            ("[fd00::/8]:80-81", "fd12::1", 81, True),
            ("127.0.0.0/8", "::ffff:127.0.0.1", 80, True),
        ],
    )
    def test_an_entry_permits_what_it_names_and_nothing_more(self, entry, host, port, permitted):
        assert (Guard([entry]).refusal(host, port) is None) is permitted

    @pytest.mark.parametrize(
        "entry",
        [
            "",
            "localhost",
            "10.0.0.1/8",
            "10.0.0.0/33",
            "1.2.3.4:99999",
            "1.2.3.4:9-8",
            "1.2.3.4:0",
            "[::1",
            "::1]:80",
            "1.2.3.4:",
        ],
    )
    def test_what_is_no_address_permits_nothing(self, entry):
        with pytest.raises(ValueError):
            permission(entry)

    def test_a_refusal_says_the_address_and_the_setting(self):
        assert Guard().refusal("[::1]", 81) == "::1 port 81 is not a public address; fetch.allow_private can permit it"


class Names(AbstractResolver):
    """A resolver that knows a few names."""

    def __init__(self, names):
        self.names = names

    async def resolve(self, host, port=0, family=socket.AF_INET):
        if host not in self.names:
            raise UnicodeError("label empty or too long")
        return [
            {"hostname": host, "host": ip, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for ip in self.names[host]
        ]

    async def close(self):
        pass


class TestResolver:
    async def test_private_answers_are_left_out(self):
        resolver = GuardedResolver(Names({"mixed": ["10.0.0.1", "1.1.1.1", "fe80::1%2"]}), Guard())
        assert [answer["host"] for answer in await resolver.resolve("mixed", 80)] == ["1.1.1.1"]

    async def test_a_name_with_private_answers_only_is_refused(self):
        resolver = GuardedResolver(Names({"inside": ["10.0.0.1", "::1"]}), Guard())
        with pytest.raises(AddressError, match=r"inside: 10\.0\.0\.1 port 80"):
            await resolver.resolve("inside", 80)

    async def test_a_name_no_codec_can_write_is_no_name(self):
        with pytest.raises(socket.gaierror):
            await GuardedResolver(Names({}), Guard()).resolve("a..b", 80)


class TestScripted:
    """What DNS may answer for a name that looks public."""

    ANSWERS: ClassVar = {
        "nip.example": ["169.254.169.254"],
        "me.example": ["127.0.0.1", "::1"],
        "mapped.example": ["::ffff:10.0.0.1"],
        "nat64.example": ["64:ff9b::7f00:1"],
        "zone.example": ["fe80::1%eth0"],
        "instance-data": ["169.254.169.254"],
    }

    @pytest.mark.parametrize("name", ANSWERS)
    async def test_a_name_that_leads_inside_is_refused(self, name):
        with pytest.raises(OSError):
            await GuardedResolver(Names(self.ANSWERS), Guard()).resolve(name, 80)

    async def test_a_name_that_answers_anew_is_checked_anew(self):
        """Rebinding: public when it is looked at, private when it is connected to."""
        names = {"rebind.example": ["1.1.1.1"]}
        resolver = GuardedResolver(Names(names), Guard())
        await resolver.resolve("rebind.example", 80)
        names["rebind.example"] = ["127.0.0.1"]
        with pytest.raises(AddressError):
            await resolver.resolve("rebind.example", 80)
        with pytest.raises(AddressError):
            Guard().socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)))


class TestConnect:
    def test_a_socket_is_made_for_a_public_address(self):
        with Guard().socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 80))) as made:
            assert made.family == socket.AF_INET

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", ""])
    def test_no_socket_is_made_for_anything_else(self, host):
        with pytest.raises(AddressError):
            Guard().socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 80)))
