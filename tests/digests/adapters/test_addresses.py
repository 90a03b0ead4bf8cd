"""Only the public internet is asked, in whatever dress another address comes."""

import socket

import pytest

from digests.adapters.addresses import PrivateAddress, is_private_name, is_public, public_socket, trouble

REFUSED = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "224.0.0.1",
    "224.0.0.251",
    "232.1.1.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::2",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::e000:1",
    "64:ff9b:1::1",
    "64:ff9b:1:ffff::8.8.8.8",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2002:c0a8:101::1",
    "2002:808:808::1",
    "2001::1",
    "2001:0:53aa:64c::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "100::1",
    "fc00::1",
    "fd00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "fe80::ffff:ffff",
    "fec0::1",
    "ff01::1",
    "ff02::1",
    "ff02::fb",
    "ff05::2",
    "ff0e::1",
    "4000::1",
    "f000::1",
]


@pytest.mark.parametrize("address", REFUSED)
def test_no_socket_is_made_for_a_special_address(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with pytest.raises(PrivateAddress):
        public_socket((family, socket.SOCK_STREAM, 0, "", (address, 80)))


@pytest.mark.parametrize("address", ["8.8.8.8", "151.101.1.1", "2606:4700::1111", "64:ff9b::8.8.8.8"])
def test_ordinary_addresses_are_asked(address):
    assert is_public(address)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    public_socket((family, socket.SOCK_STREAM, 0, "", (address, 80))).close()


def test_names_of_this_machine_and_network_are_known_without_asking():
    for host in ("localhost", "a.localhost", "nas.local", "feeds.internal", "rsshub", "127.0.0.1", "::1", "[::1]"):
        assert is_private_name(host)
    assert not is_private_name("herald.example")
    assert not is_private_name("8.8.8.8")


@pytest.mark.parametrize(
    ("scheme", "host", "port", "word"),
    [
        ("file", "", None, "http"),
        ("ftp", "herald.example", 21, "http"),
        ("gopher", "herald.example", 70, "http"),
        ("http", None, 80, "host"),
        ("http", "herald.example", 22, "ports"),
        ("https", "herald.example", 8443, "ports"),
    ],
)
def test_other_schemes_and_ports_are_refused_in_words(scheme, host, port, word):
    assert word in trouble(scheme, host, port, any_port=False)


def test_an_operator_may_name_any_port():
    assert trouble("http", "localhost", 8800, any_port=True) is None
    assert trouble("https", "herald.example", 443, any_port=False) is None
