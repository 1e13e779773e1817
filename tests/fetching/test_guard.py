"""Which addresses may be connected to. The lists are ours, after the IANA special-purpose registries."""

import socket
from ipaddress import ip_address

import pytest
from aiohttp.abc import AbstractResolver
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetching.guard import AddressError, Guard, GuardedResolver, is_public, permission
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


def test_a_name_is_not_judged_by_its_letters():
    assert Guard().url_refusal("http://localhost/") is None


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


class TestConnect:
    def test_a_socket_is_made_for_a_public_address(self):
        with Guard().socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 80))) as made:
            assert made.family == socket.AF_INET

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", ""])
    def test_no_socket_is_made_for_anything_else(self, host):
        with pytest.raises(AddressError):
            Guard().socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 80)))
